using Etl.Application.Errors;
using Etl.Application.Ports;
using Etl.Application.Settings;
using Etl.Domain.Rows;
using MediatR;
using Microsoft.Extensions.Options;

namespace Etl.Application.Extract;

internal sealed class ExtractHandler(ISourceStore source, IOptions<QualityOptions> quality)
    : IRequestHandler<ExtractCommand, ExtractResult>
{
    public async Task<ExtractResult> Handle(ExtractCommand request, CancellationToken cancellationToken)
    {
        var date = request.Run.BusinessDate;
        var gate = new ArrivalGate();
        var files = new Dictionary<string, SourceFile?>();
        foreach (var dataset in Dataset.All)
        {
            var file = await source.FindAsync(date, dataset.FileNames, cancellationToken);
            files[dataset.Name] = file;
            if (file is null)
            {
                gate.Judge(quality.Value.OnMissing, Findings.Missing(dataset, source.Describe(date)));
            }
            else if (file.Bytes == 0)
            {
                gate.Judge(quality.Value.OnEmptyFile, Findings.Empty(dataset, file));
            }
        }

        gate.ThrowIfClosed();
        var products = await source.FindAsync(date, DimensionNames.Products, cancellationToken);
        var dates = await source.FindAsync(date, DimensionNames.Dates, cancellationToken);
        return new ExtractResult(files, new DimensionFiles(products, dates), gate.Warnings);
    }
}

using System.Text;
using Etl.Application.Export;
using Etl.Application.Notify;
using Etl.Application.Runs;
using Etl.Domain.Lake;
using Etl.Domain.Runs;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging.Abstractions;

namespace Etl.Infrastructure.Report;

/// <summary>
/// Renders the Razor templates of this folder. They are compiled with the program, so nothing is parsed at run time, and
/// every value is HTML-encoded.
/// </summary>
internal sealed class HtmlReport(
    ReportReader reader,
    Lazy<IDataLake> lake,
    IServiceProvider services,
    TimeProvider clock
) : IRunReport
{
    public async Task<string> WriteAsync(
        RunId run,
        IReadOnlyList<RunWarning> warnings,
        CancellationToken cancellationToken
    )
    {
        var data = await reader.ReadAsync(run, warnings, cancellationToken);
        var html = await RenderAsync(new ReportModel(data, clock.GetUtcNow(), BesideExports: true));
        var written = await lake.Value.ReplaceAsync(
            ExportKey.ReportOfRun(run),
            (stream, token) => stream.WriteAsync(html, token).AsTask(),
            cancellationToken
        );
        await lake.Value.CopyAsync(ExportKey.ReportOfRun(run), ExportKey.LatestReport, cancellationToken);
        return written.Uri;
    }

    public async Task RenderAsync(RunId run, Stream destination, CancellationToken cancellationToken)
    {
        var data = await reader.ReadAsync(run, [], cancellationToken);
        var html = await RenderAsync(new ReportModel(data, clock.GetUtcNow(), BesideExports: false));
        await destination.WriteAsync(html, cancellationToken);
    }

    private async Task<byte[]> RenderAsync(ReportModel model)
    {
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = new Dictionary<string, object?> { [nameof(Page.Body)] = ReportPage.Of(model) };
            var root = await renderer.RenderComponentAsync<Page>(ParameterView.FromDictionary(parameters));
            return Encoding.UTF8.GetBytes(root.ToHtmlString());
        });
    }

    /// <summary>The only component with parameters: the templates are fragments that take the model as an argument.</summary>
    private sealed class Page : ComponentBase
    {
        [Parameter]
        public RenderFragment? Body { get; set; }

        protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder) =>
            builder.AddContent(0, Body);
    }
}

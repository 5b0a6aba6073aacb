using Etl.Domain.Datasets;
using Etl.Infrastructure.Transform;

namespace Etl.Infrastructure.Models;

/// <summary>Reads a model from its <c>.sql</c> file.</summary>
internal static class ModelFile
{
    /// <param name="file">The file's path; its name is the name of the dataset.</param>
    /// <param name="version">Identifies its content.</param>
    /// <param name="text">Header and statement.</param>
    /// <exception cref="Application.Errors.EtlException">
    /// The header is incomplete, or the statement is not one SELECT; the message names file and line.
    /// </exception>
    public static Model Parse(string file, string version, string text)
    {
        var header = SqlHeader.Parse(file, text, "every", "inputs");
        var inputs = header.List("inputs");
        return inputs.Contains(header["every"])
            ? new Model(header["every"], inputs, SelectStatement.Parse(file, text)) { File = file, Version = version }
            : throw header.Error("every", $"'{header["every"]}' is not among the inputs");
    }
}

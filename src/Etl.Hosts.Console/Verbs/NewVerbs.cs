using System.CommandLine;
using Etl.Application.Errors;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Etl.Hosts.Console.Samples;
using Etl.Infrastructure.Extensions;
using Microsoft.Extensions.Configuration;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl new</c>: writes the first file of an extension.</summary>
internal static class NewVerbs
{
    public const string Setting = "Etl:Extensions:Directory";

    public static Verb Create(Terminal terminal)
    {
        var group = new Verb(
            "new",
            "Writes a template of an extension to the folder that Etl:Extensions:Directory names."
        );
        foreach (var template in ExtensionTemplate.All)
        {
            group.Add(new NewVerb(terminal, template));
        }

        return group;
    }

    private sealed class NewVerb(Terminal terminal, ExtensionTemplate template)
        : ResultVerb(
            terminal,
            template.Kind,
            $"Writes a template for {template.Description}.",
            [NameArgument],
            $"etl new {template.Kind} {template.Names?[0] ?? "returns"} --Etl:Extensions:Directory=extensions"
        )
    {
        private static readonly Argument<string> NameArgument = new("NAME")
        {
            Description = "Up to 50 lower-case letters, digits and underscores.",
        };

        protected override async Task<VerbResult> RunAsync(
            ParseResult parsed,
            ProgressDisplay progress,
            CancellationToken cancellationToken
        )
        {
            var name = parsed.GetRequiredValue(NameArgument);
            if (!ExtensionSource.IsName(name))
            {
                throw new EtlException(
                    ErrorCode.Usage,
                    "NAME is not a name for a table.",
                    "Give up to 50 lower-case letters, digits and underscores, such as returns_by_month."
                );
            }

            if (template.Names is { } names && !names.Contains(name))
            {
                throw new EtlException(
                    ErrorCode.Usage,
                    $"NAME is not a dataset that a {template.Kind} can give.",
                    $"Give {string.Join(", ", names.SkipLast(1))} or {names[^1]}."
                );
            }

            var path = Path.Combine(FolderOf(parsed), template.Folder, name + template.Ending);
            await WriteAsync(path, template.TextFor(name), cancellationToken);
            return VerbResult.Of(
                new NewDocument(path),
                terminal =>
                {
                    const string Created = "Created ";
                    terminal.Out.WriteLine(Created + Place.Show(terminal, path, Created.Length));
                    terminal.Out.WriteLine("Next: edit it, then run `etl doctor`.");
                }
            );
        }

        private static string FolderOf(ParseResult parsed)
        {
            var settings = new ConfigurationManager();
            CliSettings.Read(settings, parsed);
            return ExtensionSource.FolderOf(settings[Setting])
                ?? throw new EtlException(
                    ErrorCode.Configuration,
                    $"{Setting} does not name a folder of this machine.",
                    $"Set it, such as --{Setting}=extensions or export ETL__EXTENSIONS__DIRECTORY=extensions; "
                        + "upload the folder to a bucket afterwards."
                );
        }

        /// <summary>An existing file is never replaced.</summary>
        private static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
                await using var writer = new StreamWriter(file);
                await writer.WriteAsync(text.AsMemory(), cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw File.Exists(path)
                    ? new EtlException(
                        ErrorCode.Usage,
                        $"{path} exists; it was not changed.",
                        "Give another name, or edit it."
                    )
                    : new EtlException(
                        ErrorCode.Usage,
                        $"Could not write {path}.",
                        $"Check the permissions of the folder that {Setting} names.",
                        cause: exception
                    );
            }
        }
    }
}

using Etl.UnitTests.Console;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Secrets;

/// <summary>Runs the program with valid and invalid connection strings from every source of settings.</summary>
public sealed class CommandLeakTests : IDisposable
{
    private const int Strings = 350;

    private static readonly string[][] Verbs =
    [
        ["run", "--source", ".", "--lake", "{folder}/lake", "--date", "2025-06-30"],
        ["plan", "--source", ".", "--lake", "{folder}/lake", "--date", "2025-06-30"],
        ["doctor", "--source", ".", "--lake", "{folder}/lake"],
        ["migrate"],
        ["runs"],
        ["runs", "show"],
        ["report", "--lake", "{folder}/lake"],
        ["quarantine", "list"],
        ["backfill", "--source", ".", "--lake", "{folder}/lake", "--from", "2025-06-30", "--to", "2025-06-30"],
    ];

    /// <summary>The first two are valid; the others are common mistakes.</summary>
    private static readonly Func<string, string[]>[] Ways =
    [
        text => ["--connection", text],
        text => [$"--Etl:Postgres:ConnectionString={text}"],
        text => ["--connection", .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
        text => ["--conection", text],
        text => [$"--conection={text}"],
        text => [$"--Etl:Postgres:ConectionString={text}", "--connection", "Host=127.0.0.1;Port=1"],
        text => ["--Etl:Postgres:ConnectionString", text],
        text => [$"--Etl:Postgres:{text}", "--connection", "Host=127.0.0.1;Port=1"],
        text => [text],
        text => [$"@{text}"],
        text => ["--run", text],
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("etl-leak-").FullName;

    [Fact]
    public async Task No_command_prints_any_part_of_a_password()
    {
        var strings = LeakyString.Make(Strings * 2, seed: 20250630).Where(s => s.ConnectsNowhere()).Take(Strings);
        foreach (var (index, leaky) in strings.Index())
        {
            var screen = new Screen();
            string[] way = Ways[index % 3 == 0 ? index / 3 % Ways.Length : index % 2](leaky.Text);
            string[] flags =
            [
                .. index % 2 == 0 ? ["--json"] : Array.Empty<string>(),
                .. index % 5 < 2 ? ["--verbose"] : Array.Empty<string>(),
            ];
            string[] line =
            [
                .. Verbs[index % Verbs.Length].Select(w => w.Replace("{folder}", folder)),
                .. way,
                .. flags,
                .. Settings,
            ];

            var code = await screen.RunAsync(line);

            code.ShouldNotBe(0, leaky.Text);
            code.ShouldNotBe(1, $"{string.Join(' ', line)}\n{screen.Error}");
            ShouldHideIn(screen.Out, leaky, line);
            ShouldHideIn(screen.Error, leaky, line);
        }

        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
        foreach (var leaky in LeakyString.Make(Strings * 2, seed: 20250630))
        {
            files.ForEach(f => ShouldHideIn(f, leaky, []));
        }
    }

    private string[] Settings =>
        [
            "--Etl:Run:Retries=0",
            $"--Etl:Notify:Directory={folder}/mail",
            $"--Etl:Lineage:File={folder}/lineage.jsonl",
            $"--Etl:PrivatePostgres:DataDirectory={folder}/server",
        ];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static void ShouldHideIn(string text, LeakyString leaky, string[] line)
    {
        foreach (var secret in leaky.Secrets)
        {
            text.Contains(secret, StringComparison.Ordinal).ShouldBeFalse($"{string.Join('\n', line)}\nprints\n{text}");
        }
    }
}

using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Report;

/// <summary>One browser for the tests of a class: the installed Chromium; nothing is downloaded.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string[] Places =
    [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        var program = Array.Find(Places, File.Exists);
        if (program is null)
        {
            (Environment.GetEnvironmentVariable("CI") == "true").ShouldBeFalse("No Chromium: apt-get install chromium");
            return;
        }

        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = program, Args = ["--headless", "--no-sandbox", "--disable-gpu"] }
        );
    }

    public async ValueTask DisposeAsync()
    {
        await (browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        playwright?.Dispose();
    }

    /// <summary>Opens a file and records its requests and errors.</summary>
    internal async Task<Shown> ShowAsync(string path, BrowserNewContextOptions? options = null)
    {
        Assert.SkipWhen(browser is null, "There is no Chromium on this machine: apt-get install chromium");
        var context = await browser!.NewContextAsync(options);
        var page = await context.NewPageAsync();
        var shown = new Shown(page);
        page.Request += (_, request) => shown.Requests.Add(request.Url);
        page.Console += (_, message) => shown.Complaints.Add(message.Text);
        page.PageError += (_, exception) => shown.Complaints.Add(exception);
        page.Dialog += (_, dialog) => shown.Complaints.Add(dialog.Message);
        await page.GotoAsync(new Uri(path).AbsoluteUri);
        return shown;
    }
}

internal sealed record Shown(IPage Page) : IAsyncDisposable
{
    public List<string> Requests { get; } = [];

    public List<string> Complaints { get; } = [];

    /// <summary>All values of a script that returns a list.</summary>
    public async Task<List<T>> ListAsync<T>(string script) => [.. await Page.EvaluateAsync<T[]>(script)];

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}

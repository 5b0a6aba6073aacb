using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Report;

/// <summary>The page in the dark scheme, on a phone, in print, without script, and with the keyboard only.</summary>
public sealed class ReportLayoutTests(ReportedShop shop, BrowserFixture browser)
    : IClassFixture<ReportedShop>,
        IClassFixture<BrowserFixture>
{
    /// <summary>Pairs of labels in a chart that overlap.</summary>
    private const string Overlaps = """
        [...document.querySelectorAll('.plot')].flatMap(plot => {
          const boxes = [...plot.querySelectorAll('.bars text')].map(t => [t.textContent, t.getBoundingClientRect()]).filter(b => b[1].width > 0);
          return boxes.flatMap(([one, a], i) => boxes.slice(i + 1)
            .filter(([, b]) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).map(([two]) => one + ' over ' + two));
        })
        """;

    [Fact]
    public async Task The_page_sends_no_request_and_logs_no_error()
    {
        await using var shown = await browser.ShowAsync(shop.Page);

        shown.Requests.ShouldBe([new Uri(shop.Page).AbsoluteUri]);
        shown.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_content_security_policy_blocks_requests_and_scripts()
    {
        var planted = Path.Combine(shop.Place.Folder, "planted.html");
        var page = await File.ReadAllTextAsync(shop.Page);
        await File.WriteAllTextAsync(
            planted,
            page.Replace(
                "<main",
                "<script>document.title = 'ran'</script><img src=\"http://127.0.0.1:9/x.png\" alt=\"\"><main",
                StringComparison.Ordinal
            )
        );
        await using var shown = await browser.ShowAsync(planted);

        (await shown.Page.TitleAsync()).ShouldStartWith("Etl ");
        shown.Complaints.Count(c => c.Contains("Content Security Policy", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task Every_figure_and_chart_is_shown_without_script()
    {
        await using var shown = await browser.ShowAsync(shop.Page, new() { JavaScriptEnabled = false });

        (await shown.Page.Locator(".card").CountAsync()).ShouldBe(8);
        (await shown.Page.Locator("#daily-orders .bar rect").CountAsync()).ShouldBeGreaterThan(300);
        (await shown.Page.Locator("#daily-orders svg.bars").BoundingBoxAsync())!.Width.ShouldBeGreaterThan(500);
        await shown.Page.Locator("#revenue summary").ClickAsync();
        (await shown.Page.Locator("#revenue details table").IsVisibleAsync()).ShouldBeTrue();
    }

    [Theory]
    [InlineData(360)]
    [InlineData(768)]
    [InlineData(1280)]
    public async Task At_any_width_the_page_does_not_scroll_sideways_and_labels_do_not_overlap(int width)
    {
        await using var shown = await browser.ShowAsync(shop.Page, Sized(width));

        (await shown.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width);
        (await shown.ListAsync<string>(Overlaps)).ShouldBeEmpty();
        var outside = await shown.ListAsync<string>(
            $"[...document.querySelectorAll('h1, h2, .card, .plot, .panel')].filter(e => e.getBoundingClientRect().right > {width}).map(e => e.className)"
        );
        outside.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_dark_scheme_has_a_dark_background_and_light_text()
    {
        await using var light = await browser.ShowAsync(shop.Page, new() { ColorScheme = ColorScheme.Light });
        await using var dark = await browser.ShowAsync(shop.Page, new() { ColorScheme = ColorScheme.Dark });

        (await BrightnessAsync(light, "body", "backgroundColor")).ShouldBeGreaterThan(200);
        (await BrightnessAsync(light, "body", "color")).ShouldBeLessThan(80);
        (await BrightnessAsync(dark, "body", "backgroundColor")).ShouldBeLessThan(50);
        (await BrightnessAsync(dark, "body", "color")).ShouldBeGreaterThan(200);
        (await BrightnessAsync(dark, ".panel", "backgroundColor")).ShouldBeLessThan(60);
    }

    [Fact]
    public async Task The_printed_page_is_black_on_white_without_navigation_and_fits_the_paper()
    {
        await using var shown = await browser.ShowAsync(shop.Page, new() { ColorScheme = ColorScheme.Dark });
        var pdf = await shown.Page.PdfAsync(new() { Format = "A4", PreferCSSPageSize = true });
        await shown.Page.SetViewportSizeAsync(690, 900); // A4 less its margins, in CSS pixels
        await shown.Page.EmulateMediaAsync(new() { Media = Media.Print });

        (await BrightnessAsync(shown, "body", "backgroundColor")).ShouldBe(255);
        (await BrightnessAsync(shown, "body", "color")).ShouldBe(0);
        (await shown.Page.Locator("nav").IsVisibleAsync()).ShouldBeFalse();
        (await shown.Page.Locator("#daily-orders svg.bars").IsVisibleAsync()).ShouldBeTrue();
        (await shown.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(690);
        (await shown.ListAsync<string>(Overlaps)).ShouldBeEmpty();
        System
            .Text.RegularExpressions.Regex.Count(System.Text.Encoding.Latin1.GetString(pdf), "/Type /Page\\b")
            .ShouldBeInRange(2, 8);
    }

    [Fact]
    public async Task The_keyboard_skips_the_header_and_opens_and_scrolls_tables()
    {
        await using var shown = await browser.ShowAsync(shop.Page, Sized(360));
        await shown.Page.Keyboard.PressAsync("Tab");
        (await FocusAsync(shown, "textContent")).ShouldBe("Skip to the figures");
        (await shown.Page.Locator(".skip").BoundingBoxAsync())!.X.ShouldBeGreaterThanOrEqualTo(0);
        await shown.Page.Keyboard.PressAsync("Enter");
        shown.Page.Url.ShouldEndWith("#main");
        await shown.Page.Keyboard.PressAsync("Tab");
        (await FocusAsync(shown, "textContent")).ShouldBe("Values of “Orders per day”");
        await shown.Page.Keyboard.PressAsync("Enter");
        (await shown.Page.Locator("#daily-orders table").IsVisibleAsync()).ShouldBeTrue();
        await shown.Page.Keyboard.PressAsync("Tab");
        (await FocusAsync(shown, "ariaLabel")).ShouldBe("Values of Orders per day");
        (await shown.Page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle")).ShouldBe(
            "solid"
        );
    }

    private static Task<string> FocusAsync(Shown shown, string property) =>
        shown.Page.EvaluateAsync<string>($"document.activeElement.{property}");

    private static BrowserNewContextOptions Sized(int width) =>
        new()
        {
            ViewportSize = new() { Width = width, Height = 800 },
        };

    /// <summary>0 is black, 255 is white.</summary>
    private static async Task<double> BrightnessAsync(Shown shown, string element, string property) =>
        await shown.Page.EvaluateAsync<double>(
            $"getComputedStyle(document.querySelector('{element}')).{property}.match(/[0-9.]+/g).slice(0, 3).reduce((sum, c) => sum + c / 3, 0)"
        );
}

using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Report;

/// <summary>Accessibility of the page, by the rules below and those of axe-core.</summary>
public sealed class ReportAccessTests(ReportedShop shop, BrowserFixture browser)
    : IClassFixture<ReportedShop>,
        IClassFixture<BrowserFixture>
{
    /// <summary>Each script returns the elements that violate the rule.</summary>
    public static TheoryData<string, string> Rules { get; } =
        new()
        {
            {
                "the page names its language",
                "document.documentElement.lang === 'en' ? [] : [document.documentElement.lang]"
            },
            {
                "the title has date, run and outcome",
                "/^Etl 2025-06-\\d\\d: run \\d{8}-\\d{3} \\w+/.test(document.title) ? [] : [document.title]"
            },
            { "there is one h1", "document.querySelectorAll('h1').length === 1 ? [] : ['h1']" },
            {
                "no heading level is skipped",
                "[...document.querySelectorAll('h1, h2, h3, h4')].filter((h, i, all) => i > 0 && +h.tagName[1] - +all[i - 1].tagName[1] > 1).map(h => h.textContent)"
            },
            {
                "there is one header, nav, main and footer",
                "['body > header', 'nav[aria-label]', 'body > main', 'body > footer'].filter(l => document.querySelectorAll(l).length !== 1)"
            },
            {
                "every section is labelled by its heading",
                "[...document.querySelectorAll('section')].filter(s => !document.getElementById(s.getAttribute('aria-labelledby'))?.matches('h2')).map(s => s.id)"
            },
            {
                "every table header has a scope and a text",
                "[...document.querySelectorAll('th')].filter(h => !['col', 'row'].includes(h.scope) || !h.textContent.trim()).map(h => h.outerHTML)"
            },
            {
                "every row has a header",
                "[...document.querySelectorAll('tbody tr')].filter(r => !r.querySelector('th[scope=row]')).map(r => r.textContent)"
            },
            {
                "every drawing has a name, or is hidden because a table has the same content",
                "[...document.querySelectorAll('svg')].filter(s => !s.closest('[aria-hidden=true]') && !(s.getAttribute('role') === 'img' && "
                    + "(s.getAttribute('aria-label') || (s.getAttribute('aria-labelledby') || '').split(' ').map(i => document.getElementById(i)?.textContent).join('').trim()))).map(s => s.outerHTML.slice(0, 80))"
            },
            {
                "every bar chart has a description and a table",
                "[...document.querySelectorAll('.plot')].filter(p => !p.querySelector('desc')?.textContent || !p.parentNode.querySelector('details table')).map(p => p.parentNode.id)"
            },
            {
                "every link has a text",
                "[...document.querySelectorAll('a')].filter(a => !a.textContent.trim()).map(a => a.href)"
            },
            {
                "every link within the page has a target",
                "[...document.querySelectorAll('a[href^=\"#\"]')].filter(a => !document.querySelector(a.getAttribute('href'))).map(a => a.href)"
            },
            {
                "ids are unique",
                "[...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i)"
            },
            {
                "scrollable regions are focusable and have a name",
                "[...document.querySelectorAll('.scroll')].filter(s => s.tabIndex !== 0 || !s.ariaLabel || s.getAttribute('role') !== 'group').map(s => s.outerHTML.slice(0, 80))"
            },
        };

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task The_page_follows_the_rule(string rule, string offenders)
    {
        foreach (var page in new[] { shop.Page, shop.FailedPage })
        {
            await using var shown = await browser.ShowAsync(page);
            (await shown.ListAsync<string>(offenders)).ShouldBeEmpty(rule);
        }
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 360)]
    public async Task Axe_reports_no_violation_of_WCAG_2_2_AA_or_best_practice(ColorScheme scheme, int width)
    {
        var axe = await AxeCore.ScriptAsync();
        foreach (var path in new[] { shop.Page, shop.FailedPage })
        {
            await using var shown = await browser.ShowAsync(
                path,
                new()
                {
                    ColorScheme = scheme,
                    ViewportSize = new() { Width = width, Height = 900 },
                }
            );
            await shown.Page.EvaluateAsync("document.querySelectorAll('details').forEach(d => d.open = true)");
            await shown.Page.EvaluateAsync(axe);
            var found = await shown.Page.EvaluateAsync<string[]>(
                """
                axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
                  .then(r => [r.passes.length > 20 ? '' : 'too few rules applied', ...r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 90)).slice(0, 3).join(' ; '))].filter(t => t))
                """
            );
            found.ShouldBeEmpty();
        }
    }
}

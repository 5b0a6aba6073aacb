using System.Text;
using System.Text.Json;
using Etl.Application;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Hosts.Console.Samples;
using Etl.Infrastructure.Extensions;
using Etl.Infrastructure.Transform;
using Etl.TestKit;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Extensions;

/// <summary>What files of extensions describe, and what is wrong with them, before a database is asked.</summary>
public sealed class LoadedExtensionTests
{
    private const string Returns = """
        {
          "name": "returns", // a comment
          "files": ["returns.csv", "{date:yyyyMMdd}/r*.csv"],
          "required": false,
          "columns": [
            { "name": "return_id", "type": "text_id" },
            { "name": "order_id", "type": "id(order)" },
            { "name": "refund", "type": "money", "min": 0.5, "max": 500 },
            { "name": "day", "type": "date", "nullable": true, "aliases": ["returned on"], "min": "2020-01-01" },
          ],
          "key": ["return_id", "order_id"], "distributedBy": "return_id",
          "format": { "delimiter": ";", "skipLines": 2, "hasHeader": false, "header": ["return_id", "order_id", "refund", "day"] }
        }
        """;

    private const string Mart = """
        -- grain: one row
        -- inputs: returns, orders_by_day, run
        -- key: n
        -- columns: n bigint not null
        select count(*) as n from returns;
        """;

    private const string Model = """
        -- Orders from returns.
        -- every: returns
        -- inputs: returns
        select * from returns;
        """;

    private const string Test = """
        -- severity: error
        -- meaning: returns
        -- inputs: returns
        select 1 from returns;
        """;

    [Fact]
    public void A_dataset_distributed_by_null_stays_on_one_server()
    {
        var returns = Returns.Replace(
            "\"distributedBy\": \"return_id\"",
            "\"distributedBy\": null",
            StringComparison.Ordinal
        );

        Load(("datasets/returns.json", returns)).Datasets.Named("returns").DistributionColumn.ShouldBeNull();
    }

    [Fact]
    public void Every_entry_of_a_file_describes_the_dataset()
    {
        var loaded = Load(
            ("datasets/returns.json", Returns),
            ("marts/returns_by_day.sql", Mart),
            ("tests/x.sql", Test)
        );

        var returns = loaded.Datasets.Named("returns");
        returns.FileNames.ShouldBe(["returns.csv", "{date:yyyyMMdd}/r*.csv"]);
        returns.IsRequired.ShouldBeFalse();
        returns.Key.ShouldBe(["return_id", "order_id"]);
        returns.DistributionColumn!.Name.ShouldBe("return_id");
        returns
            .Columns.Select(c => (c.Name, c.Type.Name, c.Id, c.Nullable, c.Min, c.Max))
            .ShouldBe([
                ("return_id", "text_id", null, false, null, null),
                ("order_id", "id", IdOf.Order, false, null, null),
                ("refund", "money", null, false, 50, 50000),
                ("day", "date", null, true, new DateOnly(2020, 1, 1).DayNumber, null),
            ]);
        returns.Columns[3].Aliases.ShouldBe(["returned on"]);
        var format = loaded.FormatOf("Returns")!;
        (format.Delimiter, format.SkipLines, format.HasHeader, format.Header!.Count).ShouldBe((";", 2, false, 4));
        loaded.Marts.All[^1].Name.ShouldBe("returns_by_day");
        loaded.OwnMarts.ShouldBe(["returns_by_day"]);
        loaded.Tests.Single().Name.ShouldBe("x");
        loaded
            .Files.All.Select(f => f.File)
            .ShouldBe(["datasets/returns.json", "marts/returns_by_day.sql", "tests/x.sql"]);
        loaded.Files.All.ShouldAllBe(f => f.Sha256.Length == 64);
    }

    [Theory]
    [InlineData(
        "\"text_id\"",
        "\"textid\"",
        "line 6, column 36: 'textid' is not a type; did you mean 'text_id'? The types are id,"
    )]
    [InlineData("\"id(order)\"", "\"decimal\"", "line 7, column 35: 'decimal' is not a type; ")]
    [InlineData(
        "\"returns\",",
        "\"refunds\",",
        "line 2, column 11: the name is 'refunds', and the file is named 'returns'"
    )]
    [InlineData("\"name\": \"returns\",", "", "line 1, column 1: 'name' is missing")]
    [InlineData(
        "\"required\": false",
        "\"required\": \"no\"",
        "line 4, column 15: 'required' is neither true nor false"
    )]
    [InlineData(
        "\"required\": false",
        "\"requird\": false",
        "line 4, column 3: 'requird' is not known for a dataset; did you mean 'required'?"
    )]
    [InlineData("\"required\": false", "\"key\": []", "line 11, column 3: 'key' is there twice")]
    [InlineData(
        "\"order_id\"]",
        "\"order\"]",
        "line 11, column 24: 'order', a column of the key, is not a column of the dataset"
    )]
    [InlineData(
        "\"distributedBy\": \"return_id\"",
        "\"distributedBy\": \"day\"",
        "line 11, column 54: 'day' is not a column that must have a value"
    )]
    [InlineData("\"order_id\", \"type\"", "\"run_id\", \"type\"", "line 7, column 15: 'run_id' is not a column's name")]
    [InlineData(
        "\"order_id\", \"type\"",
        "\"return_id\", \"type\"",
        "line 7, column 15: a column 'return_id' is there already"
    )]
    [InlineData("0.5", "0.555", "line 8, column 49: 'min' is '0.555'; give an amount from 0")]
    [InlineData("0.5", "501", "line 8, column 61: 'max' is less than 'min'")]
    [InlineData(
        "\"2020-01-01\"",
        "\"yesterday\"",
        "line 9, column 91: 'min' is 'yesterday'; give a day written yyyy-MM-dd"
    )]
    [InlineData(
        "\"type\": \"id(order)\"",
        "\"type\": \"text\", \"max\": 9",
        "line 7, column 50: 'max' is for numbers and dates"
    )]
    [InlineData("\"returned on\"", "7", "line 9, column 67: 'aliases' is not a list of up to 20 different texts")]
    [InlineData(
        "{date:yyyyMMdd}/r*.csv",
        "../r.csv",
        "line 3, column 28: '../r.csv' is not the name of a file below the source"
    )]
    [InlineData(
        "\"delimiter\": \";\"",
        "\"delimiter\": \";;\"",
        "line 12, column 28: 'delimiter' is a value that is not shown; give one ASCII character"
    )]
    [InlineData(
        "\"delimiter\": \";\"",
        "\"delimitr\": \";\"",
        "line 12, column 15: 'delimitr' is not known for a format; known are parts, encoding, delimiter"
    )]
    [InlineData(
        "\"skipLines\": 2",
        "\"skipLines\": \"two\"",
        "line 12, column 46: skipLines is 'two'; give a whole number"
    )]
    [InlineData(
        "\"skipLines\": 2",
        "\"skipLines\": 2000",
        "line 12, column 46: 'skipLines' is 2000; give a number of lines from 0 to 1000"
    )]
    [InlineData("\"refund\", \"day\"] }", "\"day\"] }", "line 12, column 79: 'header' lacks refund; ")]
    [InlineData("\"key\"", "\"key", "line 11, column ")]
    [InlineData(" }\n}", " }\n} []", "line 13, column 3: the file is not valid JSON here")]
    public void An_error_of_a_dataset_names_file_line_and_column(string old, string changed, string error)
    {
        Returns.ShouldContain(old);
        var text = Returns.Replace(old, changed, StringComparison.Ordinal);
        Refused(("datasets/returns.json", text)).Message.ShouldStartWith($"/x/datasets/returns.json, {error}");
    }

    [Theory]
    [InlineData("datasets/orders.json", "the name 'orders' belongs to another dataset, table or test")]
    [InlineData("datasets/dates.json", "the name 'dates' belongs to another dataset, table or test")]
    [InlineData("datasets/default.json", "the name 'default' belongs to another dataset, table or test")]
    [InlineData("marts/orders.sql", "the name 'orders' belongs to another dataset, table or test")]
    [InlineData("marts/daily_orders.sql", "the name 'daily_orders' belongs to another dataset, table or test")]
    [InlineData("marts/orders_by_day.sql", "the name 'orders_by_day' belongs to another dataset, table or test")]
    [InlineData("marts/run.sql", "the name 'run' belongs to another dataset, table or test")]
    [InlineData("marts/returns.sql", "the name 'returns' belongs to another dataset, table or test")]
    [InlineData("marts/My Mart.sql", "the name of the file is not a name for a table")]
    [InlineData("tests/negative_figures.sql", "the name 'negative_figures' belongs to another dataset, table or test")]
    [InlineData("tests/orders_disagree.sql", "the name 'orders_disagree' belongs to another dataset, table or test")]
    public void A_name_that_is_taken_is_refused(string path, string error)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var text =
            path[0] == 'd' ? Returns.Replace("\"returns\"", $"\"{name}\"", StringComparison.Ordinal)
            : path[0] == 'm' ? Mart
            : Test;
        Refused((path, text), ("datasets/returns.json", Returns))
            .Message.ShouldStartWith($"/x/{path}, line 1: {error}");
    }

    [Theory]
    [InlineData(
        "marts/a.sql",
        "inputs: returns, ",
        "inputs: retuns, ",
        "line 2: 'retuns' is no dataset, intermediate table or mart of this host (did you mean 'returns'?)."
    )]
    [InlineData("marts/a.sql", "-- key: n\n", "", "line 4: the entry '-- key: …' is missing or empty.")]
    [InlineData("marts/a.sql", "bigint", "float", "line 4: 'n float not null' is not a column; write: name type")]
    [InlineData(
        "marts/a.sql",
        "select",
        "insert into a select",
        "line 5, column 1: the statement does not begin with select or with"
    )]
    [InlineData(
        "marts/a.sql",
        "returns;",
        "returns; drop table returns",
        "line 5, column 36: a second statement begins"
    )]
    [InlineData("tests/a.sql", "error", "fatal", "line 1: 'fatal' is neither error nor warn.")]
    [InlineData("tests/a.sql", "inputs: returns", "inputs: nothing", "line 3: 'nothing' is no dataset")]
    [InlineData(
        "tests/a.sql",
        "select 1",
        "delete",
        "line 4, column 1: the statement does not begin with select or with"
    )]
    public void An_error_of_a_mart_or_test_names_file_and_line(string path, string old, string changed, string error)
    {
        var text = (path[0] == 'm' ? Mart : Test).Replace(old, changed, StringComparison.Ordinal);
        Refused((path, text), ("datasets/returns.json", Returns)).Message.ShouldStartWith($"/x/{path}, {error}");
    }

    [Fact]
    public void A_model_takes_the_place_of_the_file_of_a_built_in_dataset()
    {
        var loaded = Load(("datasets/returns.json", Returns), ("models/orders.sql", Model));
        var orders = loaded.Datasets.Named("orders");
        (orders.Model!.Every, orders.Model.File).ShouldBe(("returns", "/x/models/orders.sql"));
        orders.Model.Inputs.ShouldBe(["returns"]);
        orders.Model.Version.ShouldBe(loaded.Files.All.Single(f => f.File == "models/orders.sql").Sha256);
        loaded.Datasets.Delivered.Select(d => d.Name).ShouldBe(["reviews", "shipments", "returns"]);
        loaded.Datasets.Modeled.Select(d => d.Name).ShouldBe(["orders"]);
    }

    [Theory]
    [InlineData("models/orders.sql", "-- every: returns\n", "", "line 3: the entry '-- every: …' is missing or empty.")]
    [InlineData(
        "models/orders.sql",
        "inputs: returns",
        "inputs: reviews",
        "line 2: 'returns' is not among the inputs."
    )]
    [InlineData(
        "models/orders.sql",
        "returns",
        "return",
        "line 3: 'return' is no dataset that a file delivers (did you mean 'returns'?)."
    )]
    [InlineData("models/orders.sql", "returns", "orders", "line 3: 'orders' is no dataset that a file delivers")]
    [InlineData(
        "models/orders.sql",
        "inputs: returns",
        "inputs: returns, orders_by_day",
        "line 3: 'orders_by_day' is no dataset that a file delivers"
    )]
    [InlineData(
        "models/orders.sql",
        "returns",
        "reviews",
        "line 2: 'reviews' declares no key, which identifies the rows"
    )]
    [InlineData(
        "models/orders.sql",
        "returns;",
        "returns; delete from returns",
        "line 4, column 24: a second statement begins; the file must be one SELECT."
    )]
    [InlineData(
        "models/orders.sql",
        "select *",
        "delete",
        "line 4, column 1: the statement does not begin with select or with"
    )]
    [InlineData(
        "models/order.sql",
        "",
        "",
        "line 1: 'order' is not a dataset that a model can give; a model has the name of one of orders, reviews, shipments."
    )]
    [InlineData(
        "models/returns.sql",
        "",
        "",
        "line 1: the dataset 'returns' has a file, which datasets/returns.json describes, and a model; remove one of them."
    )]
    public void An_error_of_a_model_names_file_and_line(string path, string old, string changed, string error)
    {
        Model.ShouldContain(old);
        var text = old.Length == 0 ? Model : Model.Replace(old, changed, StringComparison.Ordinal);
        Refused((path, text), ("datasets/returns.json", Returns))
            .Message.Split('\n')[0]
            .ShouldStartWith($"/x/{path}, {error}");
    }

    [Theory]
    [InlineData("Orders", "Delimiter", "describes a file, and /x/models/orders.sql gives the rows of this dataset; ")]
    [InlineData("Orders", "Names:0", "describes a file, and /x/models/orders.sql gives the rows of this dataset; ")]
    [InlineData("Orders", "Columns:order_id:Names:0", "describes a file, and ")]
    [InlineData("Orders", "Required", "describes a file, and ")]
    [InlineData("Orders", "NullTokens:0", null)]
    [InlineData("Orders", "AllowNegative:0", null)]
    [InlineData("Orders", "Key:0", null)]
    [InlineData("Returns", "Key:0", "declares no key, and /x/models/orders.sql needs one to identify the rows; ")]
    public void Settings_of_a_file_beside_a_model_are_refused(string section, string setting, string? error)
    {
        var value =
            setting == "Key:0" ? ""
            : setting == "Required" ? "false"
            : setting == "AllowNegative:0" ? "total_price"
            : ";";
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new($"{section}:{setting}", value)]).Build();
        var datasets = new ConfiguredDatasets(
            s => settings.GetSection(s).Get<FileFormatOptions>() ?? new FileFormatOptions(),
            new IdOptions(),
            FormatFallback.None
        );
        var described = Load(("datasets/returns.json", Returns), ("models/orders.sql", Model)).Datasets;

        var found = datasets.Errors(described).ToList();

        if (error is null)
        {
            found.ShouldBeEmpty();
        }
        else
        {
            found.ShouldContain(f =>
                f.Setting == $"Etl:Files:{section}:{setting.Split(':')[0]}"
                && f.Error.StartsWith(error, StringComparison.Ordinal)
            );
        }
    }

    [Fact]
    public void The_format_of_files_does_not_apply_to_the_values_of_a_model()
    {
        var common = new FileFormatOptions
        {
            Delimiter = ";",
            DateFormats = ["dd.MM.yyyy"],
            NullTokens = ["none"],
        };
        var datasets = new ConfiguredDatasets(
            s => s == ConfiguredDatasets.Default ? common : new FileFormatOptions(),
            new IdOptions(),
            FormatFallback.None
        ).Apply(Load(("datasets/returns.json", Returns), ("models/orders.sql", Model)).Datasets);

        var format = datasets.Named("orders").Format;
        format.NullTokens.ShouldBe(["none"]);
        FileFormatJson
            .Write(format with { NullTokens = FileFormat.Standard.NullTokens })
            .ShouldBe(FileFormatJson.Write(FileFormat.Standard));
        datasets.Named("reviews").Format.Delimiter.ShouldBe(';');
    }

    [Fact]
    public void Marts_that_read_each_other_are_refused() =>
        Refused(
            ("datasets/returns.json", Returns),
            ("marts/a.sql", Mart.Replace("run\n", "b\n", StringComparison.Ordinal)),
            ("marts/b.sql", Mart.Replace("run\n", "a\n", StringComparison.Ordinal))
        )
            .Message.ShouldStartWith("/x/marts/a.sql, line 1: The marts a, b read each other");

    [Fact]
    public void All_errors_of_all_files_are_reported_together()
    {
        var error = Refused(("datasets/a.json", "[]"), ("marts/run.sql", Mart), ("tests/a.sql", "select 1"));
        error
            .Message.Split('\n')
            .Select(l => l.Split(',')[0])
            .Distinct()
            .ShouldBe(["/x/datasets/a.json", "/x/marts/run.sql", "/x/tests/a.sql"]);
        error.NextStep.ShouldContain("Correct the files named above");
        error.Code.ExitCode().ShouldBe(2);
    }

    [Fact]
    public void The_tables_that_only_an_own_test_reads_are_computed_for_it()
    {
        var test = Test.Replace("inputs: returns", "inputs: reviews_by_product", StringComparison.Ordinal);
        var plan = new TransformPlan(DatasetCatalog.BuiltIn, new(), Load(("tests/a.sql", test)).Tests);
        plan.Steps.ShouldBe(["reviews_by_product"]);
        plan.Tests.Select(t => t.Name).ShouldContain("a");
    }

    [Fact]
    public void The_templates_and_the_files_of_this_page_fit_the_schema_and_load()
    {
        var files = ExtensionTemplate
            .All.Select(t => (Template: t, Name: t.Names?[0] ?? $"mine_{t.Kind}"))
            .Select(t => ($"{t.Template.Folder}/{t.Name}{t.Template.Ending}", t.Template.TextFor(t.Name)))
            .Append(("datasets/raw_orders.json", ExtensionTemplate.All[0].TextFor("raw_orders")));
        var loaded = Load([.. files]);
        loaded.Files.All.Count.ShouldBe(5);
        var orders = loaded.Datasets.Named("orders");
        orders.Columns.ShouldAllBe(c => orders.Model!.Sql.Contains($"  r.{c.Name}"));
        foreach (var text in new[] { Returns, ExtensionTemplate.All[0].TextFor("mine") })
        {
            var options = new JsonDocumentOptions
            {
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
            };
            using var document = JsonDocument.Parse(text, options);
            JsonSchema.OfDocs.Violations("dataset", document.RootElement).ShouldBeEmpty();
        }
    }

    [Fact]
    public void The_schema_has_every_type_and_every_setting_of_a_format()
    {
        var file = Path.Combine(Repository.Root, "docs", "schema", "dataset.json");
        using var schema = JsonDocument.Parse(File.ReadAllText(file));
        var entries = schema.RootElement.GetProperty("properties");
        Names(entries.GetProperty("format").GetProperty("properties"))
            .ShouldBe(FormatFile.Known.Keys, ignoreOrder: true);
        entries
            .GetProperty("columns")
            .GetProperty("items")
            .GetProperty("properties")
            .GetProperty("type")
            .GetProperty("enum")
            .EnumerateArray()
            .Select(t => t.GetString())
            .Where(t => !t!.StartsWith("id(", StringComparison.Ordinal))
            .ShouldBe(FieldType.All.Select(t => t.Name), ignoreOrder: true);

        static IEnumerable<string> Names(JsonElement properties) => properties.EnumerateObject().Select(p => p.Name);
    }

    private static LoadedExtensions Load(params (string Path, string Text)[] files) =>
        LoadedExtensions.Of(
            [.. files.Select(f => new SourceText(f.Path, $"/x/{f.Path}", Encoding.UTF8.GetBytes(f.Text)))],
            DatasetCatalog.BuiltIn,
            MartFiles.BuiltIn
        );

    private static EtlError Refused(params (string Path, string Text)[] files) =>
        Should.Throw<EtlException>(() => Load(files)).Error;
}

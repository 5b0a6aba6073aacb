using System.Text;
using Etl.Domain.Datasets;
using Etl.IntegrationTests.Quarantine;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Formats;

/// <summary>Files as shops have them, read by settings alone: check, run, and corrected rows after the settings changed.</summary>
public sealed class WholeRunTests(PostgresServer server)
{
    private static readonly string[] Standard =
    [
        "1|101|2021-12-24|2|11.50|2|23.00",
        "2|102|2021-12-27|3|1013.50|1|1013.50",
        "3|103|2021-12-28|2|0.50|1000|500.00",
    ];

    private static readonly string[] Delivered = ["1|1|2021-12-27|2022-01-03", "2|2|2021-12-28|", "3|3||"];

    private static readonly string[] German =
    [
        "--Etl:Files:Default:Encoding=windows-1252",
        "--Etl:Files:Default:Delimiter=;",
        "--Etl:Files:Default:DecimalSeparator=,",
        "--Etl:Files:Default:ThousandsSeparator=.",
        "--Etl:Files:Default:DateFormats:0=dd.MM.yyyy",
        "--Etl:Files:Orders:SkipLines=2",
        "--Etl:Files:Orders:Columns:order_id=Bestellnummer",
        "--Etl:Files:Orders:Columns:customer_id=Käufer",
        "--Etl:Files:Orders:Columns:unit_price=Stückpreis",
        "--Etl:Files:Orders:Columns:quantity:0=Menge",
        "--Etl:Files:Orders:Columns:quantity:1=Anzahl",
        "--Etl:Files:Shipments:NullTokens:0=offen",
    ];

    [Fact]
    public async Task A_german_export_is_read_and_its_rejected_rows_are_corrected()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        var orders =
            "Aufträge \"Müller\nStand: 05.09.2022;;\n"
            + "Bestellnummer;Käufer;order_date;product_id;Stückpreis;Anzahl;total_price;Größe\n"
            + "1;101;24.12.2021;2;11,50;2;23,00;groß\n"
            + "2;102;27.12.2021;3;1.013,50;1;\"1.013,50\";klein\n"
            + "3;103;28.12.2021;2;,5;1.000;500;\"für; Übergröße\"\n"
            + "4;104;31.11.2021;2;1.5;1;1,50;Über\n";
        shop.Write("orders.csv", Encoded("windows-1252", orders))
            .Write("reviews.csv", "review;product_id\n5;2\n4;3\n")
            .Write(
                "shipments.csv",
                "shipment_id;order_id;shipment_date;delivery_date\n1;1;27.12.2021;03.01.2022\n2;2;28.12.2021;offen\n3;3;offen;\n"
            );

        (await shop.CheckAsync(SmallShop.Monday, German)).ExitCode.ShouldBe(0);
        var run = await shop.RunAsync(SmallShop.Monday, [.. German, "--Etl:Quality:MaxRejectedPercent=30"]);

        run.ExitCode.ShouldBe(0, run.Error);
        await ShouldHaveLoadedAsync(shop);
        (
            await shop.QueryAsync(
                "select line::text, byte_offset::text, message, convert_from(raw, 'UTF8') from etl.quarantine"
            )
        ).ShouldBe([
            $"7|{Encoding.UTF8.GetByteCount(orders[..orders.IndexOf("4;104", StringComparison.Ordinal)])}|order_date is '31.11.2021', expected a day written dd.MM.yyyy, from 1900-01-01 to 2199-12-31|4;104;31.11.2021;2;1.5;1;1,50;Über",
        ]);
        (
            await shop.QueryAsync(
                "select format::json->>'delimiter', format::json->>'skipLines' from etl.run_files where dataset = 'orders'"
            )
        ).ShouldBe([";|2"]);

        var corrected = Path.Combine(shop.Folder, "corrected.csv");
        (
            await shop.EtlAsync(
                "quarantine",
                "export",
                "--run",
                "20220905-001",
                "--dataset",
                "orders",
                "--out",
                corrected
            )
        ).ExitCode.ShouldBe(0);
        var text = await File.ReadAllTextAsync(corrected);
        text.ShouldBe(
            "Bestellnummer;Käufer;order_date;product_id;Stückpreis;Anzahl;total_price;Größe\n4;104;31.11.2021;2;1.5;1;1,50;Über\n"
        );
        await File.WriteAllTextAsync(
            corrected,
            text.Replace("31.11.", "30.11.", StringComparison.Ordinal).Replace("1.5;", "1,5;", StringComparison.Ordinal)
        );

        // The settings of today are the standard ones: the format is that of the run.
        var replay = await shop.EtlAsync(
            "quarantine",
            "replay",
            "--run",
            "20220905-001",
            "--dataset",
            "orders",
            "--from",
            corrected,
            "--lake",
            shop.Lake
        );

        replay.ExitCode.ShouldBe(0, replay.Error);
        (
            await shop.QueryAsync(
                "select order_id::text, order_date::text, unit_price::text from staging.orders where order_id = 4"
            )
        ).ShouldBe(["4|2021-11-30|1.50"]);
        (
            await shop.QueryAsync(
                "select role, format::json->>'encoding', format::json->>'decimalSeparator' from etl.run_files where run_id = '20220905-002' and dataset = 'orders' order by 1"
            )
        ).ShouldBe(["base|windows-1252|,", "corrected|utf-8|,"]);
    }

    [Fact]
    public async Task A_us_export_is_read()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.Write(
                "orders.csv",
                [
                    0xFF,
                    0xFE,
                    .. Encoding.Unicode.GetBytes(
                        "Order ID,Customer ID,Order Date,Product ID,Unit Price,Quantity,Total Price\r\n1,101,12/24/2021,2,11.50,2,23.00\r\n2,102,12/27/2021,3,\"1,013.50\",1,\"1,013.50\"\r\n3,103,12/28/2021,2,.5,\"1,000\",500\r\n"
                    ),
                ]
            )
            .Write("reviews.csv", "review,product_id\n5,2\n4,3\n")
            .Write(
                "shipments.csv",
                "shipment_id,order_id,shipment_date,delivery_date\n1,1,12/27/2021,01/03/2022\n2,2,12/28/2021,\n3,3,,\n"
            );

        var run = await shop.RunAsync(
            SmallShop.Monday,
            "--Etl:Files:Default:DateFormats:0=MM/dd/yyyy",
            "--Etl:Files:Default:ThousandsSeparator=,"
        );

        run.ExitCode.ShouldBe(0, run.Error);
        await ShouldHaveLoadedAsync(shop);
    }

    [Fact]
    public async Task A_pipe_file_with_trailing_delimiters_and_backslashes_is_read()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.Write(
                "orders.csv",
                "order_id|customer_id|order_date|product_id|unit_price|quantity|total_price|note|\n"
                    + "1|101|24-DEC-21|2|11.50|2|23.00|\"5\\\" pipe | \\\\\"|\n"
                    + "2|102|27-DEC-21|3|1013.50|1|1013.50||\n"
                    + "3|103|28-DEC-21|2|0.50|1000|500.00|\"two\nlines\"|\n"
            )
            .Write("reviews.csv", "review|product_id|\n5|2|\n4|3|\n")
            .Write(
                "shipments.csv",
                "shipment_id|order_id|shipment_date|delivery_date|\n1|1|27-DEC-21|03-JAN-22|\n2|2|28-DEC-21||\n3|3|||\n"
            );

        var run = await shop.RunAsync(
            SmallShop.Monday,
            "--Etl:Files:Default:Delimiter=|",
            "--Etl:Files:Default:Escape=\\",
            "--Etl:Files:Default:DateFormats:0=dd-MMM-yy"
        );

        run.ExitCode.ShouldBe(0, run.Error);
        await ShouldHaveLoadedAsync(shop);
    }

    [Fact]
    public async Task A_file_without_a_header_is_read_and_its_rejected_rows_are_corrected()
    {
        await using var shop = await SmallShop.OpenAsync(server);
        shop.Write(
                "orders.csv",
                "2021-12-24\t1\t2\t11.50\t2\t23.00\n2021-12-27\t2\t3\t1013.50\t1\t1013.50\n2021-12-28\t3\t2\t0.50\t1000\t500.00\nsoon\t4\t2\t1\t1\t1\n"
            )
            .Write("reviews.csv", "review\tproduct_id\n5\t2\n4\t3\n")
            .Write(
                "shipments.csv",
                "shipment_id\torder_id\tshipment_date\tdelivery_date\n1\t1\t2021-12-27\t2022-01-03\n2\t2\t2021-12-28\t\n3\t3\t\t\n"
            );
        string[] settings =
        [
            "--Etl:Files:Default:Delimiter=\\t",
            "--Etl:Files:Orders:HasHeader=false",
            .. new[] { "order_date", "Number", "product_id", "unit_price", "quantity", "total_price" }.Select(
                (n, i) => $"--Etl:Files:Orders:Header:{i}={n}"
            ),
            "--Etl:Files:Orders:Columns:order_id=Number",
            "--Etl:Files:Orders:Columns:customer_id:Value=77",
        ];

        var run = await shop.RunAsync(SmallShop.Monday, [.. settings, "--Etl:Quality:MaxRejectedPercent=30"]);

        run.ExitCode.ShouldBe(0, run.Error);
        await ShouldHaveLoadedAsync(shop, customer: "77");

        var corrected = Path.Combine(shop.Folder, "corrected.csv");
        (
            await shop.EtlAsync(
                "quarantine",
                "export",
                "--run",
                "20220905-001",
                "--dataset",
                "orders",
                "--out",
                corrected
            )
        ).ExitCode.ShouldBe(0);
        (await File.ReadAllTextAsync(corrected)).ShouldBe("soon\t4\t2\t1\t1\t1\n");
        await File.WriteAllTextAsync(corrected, "2021-12-29\t4\t2\t1\t1\t1\n");
        var replay = await shop.EtlAsync(
            "quarantine",
            "replay",
            "--run",
            "20220905-001",
            "--dataset",
            "orders",
            "--from",
            corrected,
            "--lake",
            shop.Lake
        );
        replay.ExitCode.ShouldBe(0, replay.Error);
        (
            await shop.QueryAsync("select customer_id::text, order_date::text from staging.orders where order_id = 4")
        ).ShouldBe(["77|2021-12-29"]);
    }

    private static async Task ShouldHaveLoadedAsync(SmallShop shop, string? customer = null)
    {
        (
            await shop.QueryAsync(
                """
                select order_id::text, customer_id::text, order_date::text, product_id::text, unit_price::text, quantity::text,
                  total_price::text
                from staging.orders order by order_id
                """
            )
        ).ShouldBe(customer is null ? Standard : [.. Standard.Select(r => $"{r[..2]}{customer}{r[5..]}")]);
        (
            await shop.QueryAsync(
                "select shipment_id::text, order_id::text, shipment_date::text, delivery_date::text from staging.shipments order by 1"
            )
        ).ShouldBe(Delivered);
    }

    private static byte[] Encoded(string encoding, string text) => TextEncodings.Find(encoding)!.GetBytes(text);
}

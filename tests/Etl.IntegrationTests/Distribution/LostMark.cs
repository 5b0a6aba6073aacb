using Etl.IntegrationTests.Console;
using Etl.IntegrationTests.Parts;
using Shouldly;

namespace Etl.IntegrationTests.Distribution;

/// <summary>A run whose loader commits the rows of a part, but not its mark: the first commit of a mark fails.</summary>
internal static class LostMark
{
    private static readonly string[] Settings =
    [
        "--Etl:Files:Reviews:Parts=All",
        "--Etl:Files:Reviews:Names:0=reviews_*.csv",
        "--Etl:Run:Loaders=1",
    ];

    /// <summary>Runs the day. The database is migrated. Reviews have no key by which rows that are stored twice would be found.</summary>
    public static async Task RunAsync(Workplace place, params string[] more)
    {
        await place.Database.ExecuteAsync(
            """
            create sequence public.marks;
            create function public.lose() returns trigger language plpgsql as $$ begin
              if nextval('public.marks') = 1 then raise exception 'lost' using errcode = '40001'; end if;
              return null;
            end $$;
            create constraint trigger lose after update on etl.run_parts deferrable initially deferred
              for each row when (old.result is null and new.result is not null) execute function public.lose()
            """
        );
        SplitFile.Replace(place.SourceFile("reviews.csv"), 4, "reviews_");

        var run = await place.RunAsync([.. Settings, .. more]);

        run.ExitCode.ShouldBe(0, run.Error);
        (await place.QueryAsync<long>("select last_value from public.marks")).ShouldBe(5);
        (await place.QueryAsync<long>("select sum(claims)::bigint from etl.run_parts")).ShouldBe(5);
        (await place.QueryAsync<long>("select count(*) from staging.reviews")).ShouldBe(1000);
        (await place.QueryAsync<long>("select count(*) from run_20250630_001.\"recorded parts\"")).ShouldBe(4);
    }
}

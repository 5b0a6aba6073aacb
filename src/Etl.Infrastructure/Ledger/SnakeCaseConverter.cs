using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Etl.Infrastructure.Ledger;

/// <summary>Keeps an enum as snake case text.</summary>
internal sealed class SnakeCaseConverter<T>()
    : ValueConverter<T, string>(v => SnakeCase.Text(v), t => SnakeCase.Parse<T>(t))
    where T : struct, Enum;

using BenchmarkDotNet.Attributes;
using Etl.Domain.Orders;
using Etl.Infrastructure.Stage.Copy;

namespace Etl.Benchmarks;

/// <summary>Encodes 100,000 validated orders for COPY.</summary>
[MemoryDiagnoser]
public class EncoderBenchmarks
{
    private readonly RowWriter writer = new(Order.Dataset);
    private readonly CopyBuffer buffer = new(CopyStream.PieceBytes + 4096);
    private readonly long[] row = [123_456, 42_000, 738_000, 22, 1999, 2, 3998];

    [Benchmark(OperationsPerInvoke = 100_000)]
    public int Write()
    {
        for (var i = 0; i < 100_000; i++)
        {
            if (buffer.Length >= CopyStream.PieceBytes)
            {
                buffer.Clear();
            }

            writer.Write(buffer, row, []);
        }

        return buffer.Length;
    }
}

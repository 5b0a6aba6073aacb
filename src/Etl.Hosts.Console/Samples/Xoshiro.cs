using System.Numerics;

namespace Etl.Hosts.Console.Samples;

/// <summary>
/// Random numbers by xoshiro256**, seeded by SplitMix64: integers only, so that every machine and runtime gets the same ones,
/// which <see cref="Random"/> does not guarantee.
/// </summary>
internal sealed class Xoshiro
{
    private ulong s0;
    private ulong s1;
    private ulong s2;
    private ulong s3;

    /// <summary>Streams of the same seed are independent.</summary>
    public Xoshiro(long seed, int stream)
    {
        var state = unchecked((ulong)seed + ((ulong)stream * 0xD1B54A32D192ED03UL));
        s0 = SplitMix(ref state);
        s1 = SplitMix(ref state);
        s2 = SplitMix(ref state);
        s3 = SplitMix(ref state);
    }

    /// <summary>0 to <paramref name="bound"/> - 1; the bias of the multiplication does not matter here.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>Whether an event with a probability in millionths happens.</summary>
    public bool Happens(int inAMillion) => Below(1_000_000) < inAMillion;

    private ulong Next()
    {
        var result = BitOperations.RotateLeft(s1 * 5, 7) * 9;
        var shifted = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}

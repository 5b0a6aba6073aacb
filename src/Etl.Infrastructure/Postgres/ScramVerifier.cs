using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Etl.Infrastructure.Postgres;

/// <summary>
/// What a server stores for a password (RFC 5802, SCRAM-SHA-256). A statement with a verifier instead of the password shows no
/// secret in the server's log.
/// </summary>
internal static class ScramVerifier
{
    private const int Iterations = 4096; // the server's default
    private const int SaltBytes = 16;

    /// <summary>The verifier of a password, with a new salt.</summary>
    public static string Of(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC)),
            salt,
            Iterations,
            HashAlgorithmName.SHA256,
            SHA256.HashSizeInBytes
        );
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}"
        );
    }
}

using System.Buffers.Text;
using System.Text.Json;

namespace Proofgate.Cli.Tests.Support;

/// <summary>Claims of a proof. That signatures hold is for the tests of the client.</summary>
internal static class SeenProof
{
    internal static JsonElement Claims(string proof) => JsonElement.Parse(Base64Url.DecodeFromChars(proof.Split('.')[1]));
}

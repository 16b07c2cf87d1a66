using System.Text.Json;
using System.Text.Json.Serialization;

namespace Proofgate.Cli.Gateway.Wire;

/// <summary>Reads keys from answers. There is one way out of a <see cref="Secret"/>, and it is not serialisation.</summary>
internal sealed class SecretConverter : JsonConverter<Secret>
{
    public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Secret.Parse(reader.TokenType == JsonTokenType.String ? reader.GetString() : null) ?? throw new JsonException();

    public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) =>
        throw new NotSupportedException("A secret is not written by accident.");
}

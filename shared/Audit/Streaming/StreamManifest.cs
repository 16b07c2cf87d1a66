using System.Globalization;
using System.Text.Json;

namespace Proofgate.Audit.Streaming;

/// <summary><c>stream.json</c>: which stream this folder is.</summary>
internal sealed record StreamManifest(string Id, DateTimeOffset CreatedAt, int Partitions)
{
    private const string FileName = "stream.json";

    internal StreamIdentity Identity => new($"embedded:{Id}", CreatedAt);

    internal static StreamManifest LoadOrCreate(string folder, int partitions, TimeProvider time)
    {
        var path = Path.Combine(folder, FileName);
        if (File.Exists(path))
            return Load(path);
        if (Directory.EnumerateDirectories(folder, "p??").Any())
            throw new EmbeddedStreamException($"{path} is missing but the folder holds records. Restore it, or move the folder away to begin a new stream.");
        var created = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        var manifest = new StreamManifest(Guid.NewGuid().ToString("N"), created, partitions);
        manifest.Save(path);
        return manifest;
    }

    private static StreamManifest Load(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = json.RootElement;
            if (root.GetProperty("format").GetInt32() == 1)
            {
                return new StreamManifest(
                    root.GetProperty("id").GetString()!,
                    DateTimeOffset.FromUnixTimeMilliseconds(root.GetProperty("createdAtMs").GetInt64()),
                    root.GetProperty("partitions").GetInt32());
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new EmbeddedStreamException($"{path} cannot be read: {e.Message} Restore it, or move the folder away to begin a new stream.", e);
        }

        throw new EmbeddedStreamException($"{path} has a format that this version does not know.");
    }

    private void Save(string path)
    {
        var temporary = path + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            using (var writer = new Utf8JsonWriter(file))
            {
                writer.WriteStartObject();
                writer.WriteNumber("format"u8, 1);
                writer.WriteString("id"u8, Id);
                writer.WriteNumber("createdAtMs"u8, CreatedAt.ToUnixTimeMilliseconds());
                writer.WriteString("createdAt"u8, CreatedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
                writer.WriteNumber("partitions"u8, Partitions);
                writer.WriteEndObject();
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}

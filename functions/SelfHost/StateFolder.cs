using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Proofgate.Audit.Notes;

namespace Proofgate.SelfHost;

/// <summary>The folder in which the local run keeps its data, its keys and its secrets: one process at a time.</summary>
internal sealed class StateFolder : IDisposable
{
    private readonly FileStream _lock;

    private StateFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    internal string Path { get; }

    internal string AdminKeyFile => Of("admin-key");

    internal string SampleKeyFile => Of("sample-key");

    internal string StateFile => Of("state.json");

    /// <exception cref="SelfHostException">The folder cannot be used; the message says what to do.</exception>
    internal static StateFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SelfHostException($"The state folder '{path}' cannot be made ({e.Message}). Choose another with --state FOLDER.", e);
        }

        try
        {
            return new StateFolder(path, new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e)
        {
            throw new SelfHostException(
                $"'{path}' is in use by another Proofgate, or its disk is full ({e.Message}). End the other one, or choose another folder with --state FOLDER.", e);
        }
    }

    internal string Of(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file that only its owner may read, in one step.</summary>
    internal static void WriteSecret(string file, string content)
    {
        var temporary = file + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(temporary, options))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(content);
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, file, overwrite: true);
    }

    /// <summary>The secrets of the local run, made on first use: what Key Vault is for in a deployment.</summary>
    internal Dictionary<string, string?> Secrets()
    {
        var file = Of("secrets.json");
        if (!File.Exists(file))
        {
            var made = new JsonObject
            {
                ["ApiKeyPepper:1"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
                ["AuditMaster"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
                ["DpopNonce"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            };
            WriteSecret(file, made.ToJsonString());
        }

        try
        {
            return JsonNode.Parse(File.ReadAllText(file))!.AsObject()
                .ToDictionary(static s => $"Proofgate:Secrets:{s.Key}", static s => (string?)s.Value!.GetValue<string>());
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new SelfHostException($"'{file}' is damaged. Without it the keys and the sealed parts of '{Path}' are of no use: remove that folder to begin anew.", e);
        }
    }

    /// <summary>Where checkpoints, tiles and bundles are kept.</summary>
    internal string EvidenceFolder => Of("evidence");

    internal bool HasLogKey => File.Exists(Of("log-key"));

    /// <summary>The key that signs the log, made on first use.</summary>
    /// <exception cref="SelfHostException">Its file is damaged.</exception>
    internal Ed25519Signer LogSigner()
    {
        var file = Of("log-key");
        if (!File.Exists(file))
        {
            using var made = Ed25519Signer.Generate();
            WriteSecret(file, made.Reveal("proofgate.local"));
        }

        return Ed25519Signer.TryParse(File.ReadAllText(file).Trim(), out var signer, out _)
            ? signer
            : throw new SelfHostException($"'{file}' is damaged. The log is signed with that key: put it back, or remove '{Path}' to begin anew.");
    }

    public void Dispose() => _lock.Dispose();
}

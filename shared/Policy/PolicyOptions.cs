namespace Proofgate.Policy;

/// <summary>Section <c>Proofgate:Policy</c>.</summary>
public sealed class PolicyOptions
{
    public const string Section = "Proofgate:Policy";

    /// <summary>Folder of the policy bundle.</summary>
    public string? Folder { get; set; }

    /// <summary>How often the folder is looked at for changes. Default 2 s.</summary>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromSeconds(2);

    internal IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(Folder))
        {
            yield return $"{Section}:{nameof(Folder)} is missing: the folder of the policy bundle, for example infra/policy/sample.";
        }
        else if (!Directory.Exists(Folder))
        {
            yield return $"{Section}:{nameof(Folder)}: the folder '{Folder}' does not exist.";
        }

        if (ReloadInterval < TimeSpan.FromMilliseconds(50) || ReloadInterval > TimeSpan.FromMinutes(10))
        {
            yield return $"{Section}:{nameof(ReloadInterval)} must be 50 ms to 10 minutes.";
        }
    }
}

namespace Proofgate.Http.Manage;

/// <summary>Key <c>Proofgate:Secrets:Bootstrap</c>.</summary>
public sealed class InitializationOptions
{
    public const string Section = "Proofgate:Secrets";

    /// <summary>The token with which <c>proofgate init</c> makes the first administrator, once; at least 32 characters. Without it nobody can.</summary>
    public string? Bootstrap { get; set; }
}

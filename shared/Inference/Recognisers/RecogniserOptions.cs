namespace Proofgate.Inference.Recognisers;

/// <summary>Section <c>Proofgate:Recogniser</c>: where the recogniser is that a bundle names, and what happens when it is out of order.</summary>
public sealed class RecogniserOptions
{
    public const string Section = "Proofgate:Recogniser";

    /// <summary>Base address of a server that speaks the API of Presidio's analyzer, https (http on loopback only). Without one it counts as out of order.</summary>
    public string? Endpoint { get; set; }

    /// <summary>How long one request may take. Default 5 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Characters of one request; longer prompts and answers take several. Default 65,536.</summary>
    public int MaxRequestLength { get; set; } = 64 * 1024;

    /// <summary>Bytes of one answer. Default 1 MiB.</summary>
    public int MaxAnswerBytes { get; set; } = 1024 * 1024;

    /// <summary>Bytes of a streamed answer that are held until it is looked at. Default 4 MiB.</summary>
    public int MaxHeldBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// <c>closed</c> (default): nothing goes on that was not looked at. <c>open</c>: it goes on, and the log says so as an error each time.
    /// </summary>
    public RecogniserFailure Fail { get; set; } = RecogniserFailure.Closed;

    internal Uri? Address => Endpoint is not null && Uri.TryCreate(Endpoint.TrimEnd('/') + "/", UriKind.Absolute, out var address) ? address : null;

    internal IEnumerable<string> Problems()
    {
        if (Endpoint is not null && (Address is not { } address || (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            || address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0))
        {
            yield return $"{Section}:{nameof(Endpoint)} must be an https address (http on loopback only) without user, query or fragment.";
        }

        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(2))
        {
            yield return $"{Section}:{nameof(Timeout)} must be over 0 and at most 2 minutes.";
        }

        if (MaxRequestLength is < 1024 or > 4 * 1024 * 1024)
        {
            yield return $"{Section}:{nameof(MaxRequestLength)} must be 1,024 to 4,194,304 characters.";
        }

        if (MaxAnswerBytes is < 1024 or > 64 * 1024 * 1024)
        {
            yield return $"{Section}:{nameof(MaxAnswerBytes)} must be 1 KiB to 64 MiB.";
        }

        if (MaxHeldBytes is < 1024 or > 64 * 1024 * 1024)
        {
            yield return $"{Section}:{nameof(MaxHeldBytes)} must be 1 KiB to 64 MiB.";
        }
    }
}

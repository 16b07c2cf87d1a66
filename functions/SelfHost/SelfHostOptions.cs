namespace Proofgate.SelfHost;

/// <summary>Section <c>Proofgate:SelfHost</c>; <c>--port</c> and <c>--state</c> on the command line are short for two of its keys.</summary>
public sealed class SelfHostOptions
{
    public const string Section = "Proofgate:SelfHost";

    /// <summary>Port on 127.0.0.1; 0 takes a free one. Default 7071.</summary>
    public int Port { get; set; } = 7071;

    /// <summary>Folder for everything that the local run keeps. Default <c>.proofgate</c> in the repository.</summary>
    public string? StateFolder { get; set; }

    /// <summary>Pause between the sample model's pieces. Default 30 ms.</summary>
    public TimeSpan SampleModelDelay { get; set; } = TimeSpan.FromMilliseconds(30);

    /// <summary>PEM file with the certificate, and the chain, of this process's own TLS. Default: plain HTTP, which is for loopback.</summary>
    public string? TlsCertificate { get; set; }

    /// <summary>PEM file with the certificate's private key; default: <see cref="TlsCertificate"/> holds both.</summary>
    public string? TlsKey { get; set; }

    internal static IEnumerable<string> Problems(SelfHostOptions options)
    {
        if (options.Port is < 0 or > 65535)
        {
            yield return $"{Section}:{nameof(Port)} must be 0 to 65535.";
        }

        if (options is { TlsKey: not null, TlsCertificate: null })
        {
            yield return $"{Section}:{nameof(TlsKey)} needs {Section}:{nameof(TlsCertificate)}.";
        }

        if (options.SampleModelDelay < TimeSpan.Zero || options.SampleModelDelay > TimeSpan.FromSeconds(10))
        {
            yield return $"{Section}:{nameof(SampleModelDelay)} must be 0 to 10 s.";
        }
    }
}

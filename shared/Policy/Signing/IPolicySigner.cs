namespace Proofgate.Policy.Signing;

/// <summary>Signs with one P-256 key (ES256), wherever its private half is: in a file, a secret, or a vault that never gives it out.</summary>
public interface IPolicySigner
{
    /// <summary>The name under which gateways know the public half.</summary>
    string Key { get; }

    /// <returns>r and s, 32 bytes each (RFC 7518, 3.4).</returns>
    /// <exception cref="IOException">The key is out of reach.</exception>
    ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);
}

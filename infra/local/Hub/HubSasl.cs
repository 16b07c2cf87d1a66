using System.Security.Cryptography;
using System.Text;
using Amqp;
using Amqp.Sasl;
using Amqp.Types;

namespace Proofgate.Local.Hub;

/// <summary>
/// The SASL layer. ANONYMOUS (JavaScript) and MSSBCBS (.NET insists on that name) prove nothing: a token follows on <c>$cbs</c>. PLAIN has the
/// key's name and the key. One instance serves all connections, so it holds no state of any.
/// </summary>
internal sealed class HubSasl : SaslProfile
{
    internal const string NoCredential = "ANONYMOUS";
    internal const string ClaimsBased = "MSSBCBS";
    internal const string Plain = "PLAIN";

    private readonly Func<IAsyncTransport, HeldTransport> _upgrade;
    private readonly byte[]? _secret;

    /// <param name="secret">What PLAIN is asked for; null: nothing is.</param>
    internal HubSasl(string mechanism, string? secret, Func<IAsyncTransport, HeldTransport> upgrade)
        : base(new Symbol(mechanism))
    {
        _upgrade = upgrade;
        _secret = secret is null ? null : Encoding.UTF8.GetBytes(secret);
    }

    protected override ITransport UpgradeTransport(ITransport transport) => _upgrade((IAsyncTransport)transport);

    protected override DescribedList GetStartCommand(string hostname) => throw new NotSupportedException("A server does not begin.");

    protected override DescribedList OnCommand(DescribedList command) => command is SaslInit init
        ? new SaslOutcome { Code = Proves(init.InitialResponse) ? SaslCode.Ok : SaslCode.Auth }
        : throw new AmqpException(new Symbol(ErrorCode.NotAllowed), "Only a SASL init is expected.");

    /// <summary>RFC 4616: an optional identity, NUL, the key's name, NUL, the key.</summary>
    private bool Proves(byte[]? response)
    {
        if (_secret is null)
            return true;
        var start = Array.IndexOf(response ?? [], (byte)0);
        return start >= 0 && CryptographicOperations.FixedTimeEquals(response.AsSpan(start + 1), _secret);
    }
}

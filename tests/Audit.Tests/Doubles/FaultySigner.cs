using Proofgate.Audit.Notes;

namespace Proofgate.Audit.Tests.Doubles;

/// <summary>A key that is out of reach when told.</summary>
internal sealed class FaultySigner(ILogSigner inner) : ILogSigner
{
    public NoteKeyType Type => inner.Type;

    public ReadOnlyMemory<byte> PublicKey => inner.PublicKey;

    internal int Calls { get; private set; }

    /// <summary>Called with the number of the call, before and after it is done; throws to make a fault.</summary>
    internal Action<int, bool>? Fault { get; set; }

    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        var call = Begin();
        await inner.OpenAsync(cancellationToken);
        Fault?.Invoke(call, true);
    }

    public async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        var call = Begin();
        var signature = await inner.SignAsync(text, cancellationToken);
        Fault?.Invoke(call, true);
        return signature;
    }

    private int Begin()
    {
        Fault?.Invoke(Calls, false);
        return Calls++;
    }
}

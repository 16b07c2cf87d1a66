using System.Runtime.InteropServices;

namespace Proofgate.SelfHost;

/// <summary>Ctrl-C and SIGTERM while the host is still starting; afterwards the host listens to them itself.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _signals = [];

    internal Interruption()
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                _source.Cancel();
            }));
        }
    }

    internal CancellationToken Token => _source.Token;

    /// <summary>The host has taken over.</summary>
    internal void Handled()
    {
        _source.Token.ThrowIfCancellationRequested();
        Unregister();
    }

    public void Dispose()
    {
        Unregister();
        _source.Dispose();
    }

    private void Unregister()
    {
        _signals.ForEach(static s => s.Dispose());
        _signals.Clear();
    }
}

using System.Runtime.CompilerServices;
using Amqp;
using Amqp.Listener;
using Amqp.Types;

namespace Proofgate.Local.Hub;

/// <summary>A link on which the broker sends, and no more than its receiver has asked for: the library itself sends without credit.</summary>
internal sealed class OutgoingLink
{
    private readonly ListenerLink _link;
    private readonly HeldTransport _transport;
    private readonly Func<bool> _isAtEnd;
    private readonly Lock _lock = new();
    private TaskCompletionSource? _given;
    private uint _credit;

    /// <param name="isAtEnd">Whether there is nothing to send at present: then a receiver that drains is told so.</param>
    internal OutgoingLink(ListenerLink link, Func<bool> isAtEnd)
    {
        _link = link;
        _transport = HeldTransport.Of(link.Session.Connection);
        _isAtEnd = isAtEnd;
        link.InitializeSender(OnCredit, static (_, _, _, _) => { }, this);
    }

    /// <summary>Waits until the receiver has asked for something and is not too far behind.</summary>
    internal async Task ReadyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task given;
            lock (_lock)
            {
                if (_credit > 0)
                    break;
                _given ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                given = _given.Task;
            }

            await given.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        await _transport.RoomAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>False if the receiver has taken its credit back meanwhile.</summary>
    /// <exception cref="AmqpException">The link is closed.</exception>
    internal bool TrySend(byte[] message)
    {
        // The library counts down too, and OnCredit reads its count: both change under one lock.
        lock (_lock)
        {
            if (_credit == 0)
                return false;
            _transport.Queued(message.Length);
            _link.SendMessage(new Message(), new ByteBuffer(message, 0, message.Length, message.Length));
            _credit--;
            DrainAtEnd();
            return true;
        }
    }

    /// <summary>There may be nothing to send: a receiver that drains is told.</summary>
    internal void AtEnd()
    {
        lock (_lock)
            DrainAtEnd();
    }

    private void OnCredit(int added, Fields properties, object state)
    {
        lock (_lock)
        {
            // When more is given, the library's count is the receiver's. When it is lowered, the library's is not, and a flow that repeats what was
            // given before sets it to nothing without a word: so a lowered credit is none until it is given anew.
            _credit = added > 0 ? CreditOf(_link) : 0;
            if (_credit > 0)
            {
                _given?.TrySetResult();
                _given = null;
            }

            DrainAtEnd();
        }
    }

    private void DrainAtEnd()
    {
        if (!_link.IsDraining || !_isAtEnd())
            return;
        CreditOf(_link) = _credit;
        _credit = 0;
        _link.CompleteDrain();
    }

    /// <summary>Internal to the library, which is pinned to one version.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "credit")]
    private static extern ref uint CreditOf(ListenerLink link);
}

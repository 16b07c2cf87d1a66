using System.Buffers;
using Proofgate.Protection.Matching;

namespace Proofgate.Protection;

/// <summary>
/// Redacts one text that arrives in pieces and releases each character as soon as no match that is still alive covers it. What is
/// redacted: see <see cref="RedactionPlan"/>. Its buffer is rented from the first text held to the end. Not thread-safe; allocates
/// nothing per push once warm.
/// </summary>
public sealed class SlotRedactor
{
    /// <summary>Long pieces are taken in parts: the buffer stays small.</summary>
    private const int PartLength = 512;

    private readonly Matcher _matcher = new();
    private ZeroWidthLimit _limit;
    private char[] _buffer = [];
    private int _length;
    private long _origin;
    private long _done;
    private bool _completed;

    public SlotRedactor(RedactionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Plan = plan;
        Reset();
    }

    public RedactionPlan Plan { get; private set; }

    /// <summary>Characters received and neither released nor redacted yet.</summary>
    public int HeldLength => (int)(Received - _done);

    /// <summary>Redactions since the last reset. Valid until <see cref="Reset()"/>: add it to another to keep it.</summary>
    public KindCounts Redactions { get; } = new();

    internal Matcher Matcher => _matcher;

    private long Received => _origin + _length;

    /// <summary>Takes the next piece and writes what can be released.</summary>
    /// <exception cref="InvalidOperationException">The text was completed and the slot not reset.</exception>
    public void Push(ReadOnlySpan<char> text, IBufferWriter<char> released)
    {
        ArgumentNullException.ThrowIfNull(released);
        if (_completed)
            throw new InvalidOperationException("The text has ended; reset the slot for another.");
        if (Plan.RedactsNothing)
        {
            released.Write(text);
            return;
        }

        while (!text.IsEmpty)
        {
            var part = text[..Math.Min(text.Length, PartLength)];
            text = text[part.Length..];
            MakeRoom(part.Length);
            var from = _length;
            _length += _limit.Copy(part, _buffer.AsSpan(from));
            _matcher.Run(_buffer.AsSpan(0, _length), _origin, from);
            _matcher.Findings.ShowRuns();
            Settle(released, atEnd: false);
        }
    }

    /// <summary>Ends the text and writes the rest of it.</summary>
    /// <exception cref="InvalidOperationException">The text was completed already.</exception>
    public void Complete(TextEnd reason, IBufferWriter<char> released)
    {
        ArgumentNullException.ThrowIfNull(released);
        if (_completed)
            throw new InvalidOperationException("The text has ended already.");
        _completed = true;
        _matcher.End(_buffer.AsSpan(0, _length), _origin, reason);
        Settle(released, atEnd: true);
        ReturnBuffer();
    }

    /// <summary>Makes it ready for another text under the same plan. What was held is forgotten.</summary>
    public void Reset()
    {
        ReturnBuffer();
        Redactions.Clear();
        _matcher.Reset(Plan.Rules, Plan.Masked, Plan.Values);
        (_limit, _origin, _done, _completed) = (default, 0, 0, false);
    }

    /// <summary>Makes it ready for another text under another plan.</summary>
    public void Reset(RedactionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Plan = plan;
        Reset();
    }

    /// <summary>Writes what no live match can change any more: clear text, and a mask where a redaction begins.</summary>
    private void Settle(IBufferWriter<char> released, bool atEnd)
    {
        var findings = _matcher.Findings;
        var live = _matcher.EarliestLive;
        while (!findings.IsEmpty)
        {
            ref readonly var finding = ref findings.Head;
            if (finding.Start >= _done)
            {
                // A match that is alive and began earlier may take this one in; one that began here may give it another name.
                if (live < finding.Start || (live == finding.Start && !finding.IsDecisive))
                    break;
                // What shows some of the value must know all that overlaps it.
                if (live < finding.End && Plan.ShowsSome(finding))
                    break;
                Release(finding.Start, released);
                var overlapping = findings.Sorted[..Overlap.EndOf(findings.Sorted, 0)];
                Plan.ReplacementOf(finding).Write(overlapping, ValueOf(finding), released);
                Redactions.Add(finding.Rule.Kind);
            }

            _done = Math.Max(_done, finding.End);
            findings.DropHead();
        }

        findings.ForgetRuns(_done);
        var clear = Math.Min(live, findings.IsEmpty ? Received : findings.Head.Start);
        if (!atEnd && clear == Received && _length > 0 && char.IsHighSurrogate(_buffer[_length - 1]))
            clear--;
        Release(clear, released);
        DropSettled();
    }

    /// <summary>Its text; a decisive one's is not kept, and not needed.</summary>
    private ReadOnlySpan<char> ValueOf(in Finding finding) =>
        finding.IsDecisive ? [] : _buffer.AsSpan((int)(finding.Start - _origin), (int)(finding.End - finding.Start));

    private void Release(long to, IBufferWriter<char> released)
    {
        if (to <= _done)
            return;
        released.Write(_buffer.AsSpan((int)(_done - _origin), (int)(to - _done)));
        _done = to;
    }

    /// <summary>Forgets text that is settled and that no validator can ask for.</summary>
    private void DropSettled()
    {
        var needed = Math.Min(_done, _matcher.TextNeeded);
        var settled = (int)(needed - _origin);
        if (settled == _length || settled > _buffer.Length / 2)
        {
            _buffer.AsSpan(settled, _length - settled).CopyTo(_buffer);
            _origin = needed;
            _length -= settled;
        }
    }

    private void MakeRoom(int more)
    {
        if (_length + more <= _buffer.Length)
            return;
        var larger = ArrayPool<char>.Shared.Rent(Math.Max(_length + more, 256));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        var length = _length;
        ReturnBuffer();
        (_buffer, _length) = (larger, length);
    }

    /// <summary>Cleared first: the text is somebody's, the pool is everybody's.</summary>
    private void ReturnBuffer()
    {
        if (_buffer.Length > 0)
            ArrayPool<char>.Shared.Return(_buffer, clearArray: true);
        _buffer = [];
        _length = 0;
    }
}

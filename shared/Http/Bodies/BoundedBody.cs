using System.Buffers;

namespace Proofgate.Http.Bodies;

/// <summary>A request body in pooled memory, which grows with what has arrived and not with what was announced.</summary>
internal sealed class BoundedBody(OpenBodies open, string key) : IDisposable
{
    private const int FirstBytes = 16 * 1024;

    private byte[] _buffer = [];
    private int _counted;

    internal int Length { get; private set; }

    internal Memory<byte> Memory => _buffer.AsMemory(0, Length);

    /// <summary>Where the next bytes go; empty when <see cref="TryGrow"/> must come first.</summary>
    internal Memory<byte> Free => _buffer.AsMemory(Length);

    internal void Advance(int bytes) => Length += bytes;

    /// <returns>Null if there is room now, else the refusal.</returns>
    internal BodyFault? TryGrow()
    {
        var size = Math.Max(FirstBytes, _buffer.Length * 2);
        if (open.Take(key, size) is { } fault)
        {
            return fault;
        }

        var larger = ArrayPool<byte>.Shared.Rent(size);
        Memory.Span.CopyTo(larger);
        Release();
        (_buffer, _counted) = (larger, size);
        return null;
    }

    public void Dispose()
    {
        Release();
        (_buffer, _counted, Length) = ([], 0, 0);
    }

    /// <summary>Prompts are not left lying in the pool.</summary>
    private void Release()
    {
        if (_counted > 0)
        {
            Memory.Span.Clear();
            ArrayPool<byte>.Shared.Return(_buffer);
            open.Return(key, _counted);
        }
    }
}

using System.Runtime.InteropServices;

namespace Proofgate.Protection.Automata;

/// <summary>Compares lists of node numbers by what is in them.</summary>
internal sealed class NodeSetComparer : IEqualityComparer<int[]>
{
    internal static readonly NodeSetComparer Instance = new();

    public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(int[] obj)
    {
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes(obj.AsSpan()));
        return hash.ToHashCode();
    }
}

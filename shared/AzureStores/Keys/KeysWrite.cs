namespace Proofgate.AzureStores.Keys;

/// <summary>What became of a write that was made under a condition.</summary>
internal enum KeysWrite
{
    Done,

    /// <summary>The row was there before, or is another one by now.</summary>
    Changed,

    /// <summary>There is no such row.</summary>
    Gone,
}

namespace Proofgate.Protection.Automata;

/// <summary>What the matcher must look at when a match is in a state.</summary>
[Flags]
internal enum StateTraits : byte
{
    None = 0,

    /// <summary>A rule matches here if the next character and its validator agree.</summary>
    Ends = 1,

    /// <summary>A rule matches here, whatever follows.</summary>
    Decided = 2,

    /// <summary>A rule with a validator is alive: its text is needed.</summary>
    NeedsText = 4,

    /// <summary>Still among the words before a value: nothing is covered yet.</summary>
    Context = 8,
}

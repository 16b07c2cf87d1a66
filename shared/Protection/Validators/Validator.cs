namespace Proofgate.Protection.Validators;

/// <summary>Says whether a text of the right shape is a value. It sees the separators, and no zero-width characters.</summary>
internal delegate bool Validator(ReadOnlySpan<char> match);

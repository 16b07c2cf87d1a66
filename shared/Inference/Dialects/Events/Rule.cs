namespace Proofgate.Inference.Dialects.Events;

/// <summary>How a member is treated, and as what the members of its value are looked up.</summary>
internal readonly record struct Rule<TPlace>(Treatment Treatment, TPlace Next)
    where TPlace : struct, Enum;

namespace Proofgate.Cedar;

/// <summary>The question: may <paramref name="Principal"/> do <paramref name="Action"/> to <paramref name="Resource"/>, given <paramref name="Context"/>.</summary>
public sealed record Request(EntityUid Principal, EntityUid Action, EntityUid Resource, RecordValue Context);

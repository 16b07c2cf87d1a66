namespace Proofgate.Cedar.Schemas;

/// <summary>What a name may resolve to.</summary>
internal enum NameKind
{
    Common,
    Entity,
    CommonOrEntity,
}

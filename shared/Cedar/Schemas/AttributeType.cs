namespace Proofgate.Cedar.Schemas;

/// <summary>The type of an attribute, and whether it must be there.</summary>
internal readonly record struct AttributeType(CedarType Type, bool IsRequired);

using System.Diagnostics.CodeAnalysis;
using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar;

/// <summary>The name of an entity: <c>Type::"id"</c>. The type is a path of identifiers without spaces (<c>Proofgate::User</c>), the id any string.</summary>
public readonly record struct EntityUid(string Type, string Id)
{
    /// <summary>Reads Cedar syntax, <c>Proofgate::User::"alice"</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EntityUid uid)
    {
        uid = default;
        return text is not null && Parser.TryParseUid(text, out uid);
    }

    /// <summary>Whether <paramref name="type"/> can be an entity type: identifiers joined by <c>::</c>, none of them reserved.</summary>
    public static bool IsValidType([NotNullWhen(true)] string? type) => type is not null && Names.IsPath(type);

    /// <summary>Ids differ more often than types, so they are compared first.</summary>
    public bool Equals(EntityUid other) => string.Equals(Id, other.Id) && string.Equals(Type, other.Type);

    public override int GetHashCode() => HashCode.Combine(Id, Type);

    /// <summary>Cedar syntax, with escapes.</summary>
    public override string ToString() => $"{Type}::{StringLiteral.Quote(Id ?? "")}";
}

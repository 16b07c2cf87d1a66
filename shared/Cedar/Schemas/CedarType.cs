using System.Runtime.CompilerServices;
using System.Text;

namespace Proofgate.Cedar.Schemas;

/// <summary>A type of the language. Equality is shallow: parts are compared by reference, which is enough because a <see cref="TypeTable"/>
/// gives equal types one instance. So nothing walks a type that common types share many times over.</summary>
internal abstract class CedarType
{
    private const int Shown = 200;

    private CedarType(int depth) => Depth = depth;

    /// <summary>No value has it: the element of an empty set.</summary>
    public static CedarType Never { get; } = new Simple("nothing");

    public static CedarType Bool { get; } = new Simple("Bool");

    /// <summary>The type of what is known to be true.</summary>
    public static CedarType True { get; } = new Simple("Bool, always true");

    /// <summary>The type of what is known to be false.</summary>
    public static CedarType False { get; } = new Simple("Bool, always false");

    public static CedarType Long { get; } = new Simple("Long");

    public static CedarType String { get; } = new Simple("String");

    public static CedarType AnyEntity { get; } = new Simple("an entity");

    public static CedarType AnySet { get; } = new Simple("a set");

    public static CedarType Decimal { get; } = new Simple("decimal");

    public static CedarType Ip { get; } = new Simple("ipaddr");

    public static CedarType Datetime { get; } = new Simple("datetime");

    public static CedarType Duration { get; } = new Simple("duration");

    public static CedarType SetOfEntities { get; } = new Set(AnyEntity);

    public static CedarType AnyRecord { get; } = new Record([], [], isOpen: true);

    public static Record EmptyRecord { get; } = new([], [], isOpen: false);

    /// <summary>Levels of sets and records, at least 1.</summary>
    public int Depth { get; }

    public bool IsBool => this == Bool || this == True || this == False;

    /// <summary>The type of the values that an extension's constructor makes, by the name of the type.</summary>
    public static CedarType? Extension(string name) => name switch
    {
        "decimal" => Decimal,
        "ipaddr" => Ip,
        "datetime" => Datetime,
        "duration" => Duration,
        _ => null,
    };

    public override string ToString()
    {
        var text = new StringBuilder();
        Describe(text);
        return text.Length > Shown ? text.ToString(0, Shown) + "..." : text.ToString();
    }

    /// <summary>Stops when there is more than will be shown.</summary>
    private protected abstract void Describe(StringBuilder text);

    public sealed class Simple(string name) : CedarType(1)
    {
        private protected override void Describe(StringBuilder text) => text.Append(name);
    }

    /// <summary>One entity type, or one of several, sorted.</summary>
    public sealed class Entity(string[] names) : CedarType(1)
    {
        public string[] Names { get; } = names;

        /// <summary>The only type, or null.</summary>
        public string? Single => Names.Length == 1 ? Names[0] : null;

        public bool Contains(string name) => Array.BinarySearch(Names, name, StringComparer.Ordinal) >= 0;

        public override bool Equals(object? obj) => obj is Entity other && Names.AsSpan().SequenceEqual(other.Names);

        public override int GetHashCode() => HashCode.Combine(Names.Length, Names[0], Names[^1]);

        private protected override void Describe(StringBuilder text)
        {
            for (var i = 0; i < Names.Length && text.Length <= Shown; i++)
                text.Append(i == 0 ? "" : " or ").Append(Names[i]);
        }
    }

    public sealed class Set(CedarType element) : CedarType(element.Depth + 1)
    {
        public CedarType Element { get; } = element;

        public override bool Equals(object? obj) => obj is Set other && Element == other.Element;

        public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(Element), nameof(Set));

        private protected override void Describe(StringBuilder text)
        {
            text.Append("Set<");
            if (text.Length <= Shown)
                Element.Describe(text);
            text.Append('>');
        }
    }

    /// <param name="names">Sorted by UTF-16 unit.</param>
    /// <param name="attributes">In the order of the names.</param>
    /// <param name="isOpen">It may have other attributes, of which nothing is known.</param>
    public sealed class Record(string[] names, AttributeType[] attributes, bool isOpen) : CedarType(DepthOf(attributes))
    {
        public string[] Names { get; } = names;

        public AttributeType[] Attributes { get; } = attributes;

        public bool IsOpen { get; } = isOpen;

        public AttributeType? Find(string name) => IndexOf(name) is >= 0 and var index ? Attributes[index] : null;

        public int IndexOf(string name) => Array.BinarySearch(Names, name, StringComparer.Ordinal);

        public override bool Equals(object? obj)
        {
            if (obj is not Record other || IsOpen != other.IsOpen || !Names.AsSpan().SequenceEqual(other.Names))
                return false;

            for (var i = 0; i < Attributes.Length; i++)
            {
                if (Attributes[i].Type != other.Attributes[i].Type || Attributes[i].IsRequired != other.Attributes[i].IsRequired)
                    return false;
            }

            return true;
        }

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(IsOpen);
            for (var i = 0; i < Names.Length; i++)
            {
                hash.Add(Names[i]);
                hash.Add(RuntimeHelpers.GetHashCode(Attributes[i].Type));
            }

            return hash.ToHashCode();
        }

        private protected override void Describe(StringBuilder text)
        {
            text.Append('{');
            for (var i = 0; i < Names.Length && text.Length <= Shown; i++)
            {
                text.Append(i == 0 ? "" : ", ").Append(Names[i]).Append(Attributes[i].IsRequired ? ": " : "?: ");
                Attributes[i].Type.Describe(text);
            }

            text.Append(IsOpen ? ", ...}" : "}");
        }

        private static int DepthOf(AttributeType[] attributes)
        {
            var depth = 0;
            foreach (var attribute in attributes)
                depth = Math.Max(depth, attribute.Type.Depth);
            return depth + 1;
        }
    }
}

using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar.Tests.Differential;

/// <summary>A type, as a schema says it. Two shapes are the same if they are written the same.</summary>
internal abstract record Shape
{
    private Shape()
    {
    }

    public static Shape Bool { get; } = new Plain("Bool");

    public static Shape Long { get; } = new Plain("Long");

    public static Shape String { get; } = new Plain("String");

    public static Shape Decimal { get; } = new Plain("__cedar::decimal");

    public static Shape Ip { get; } = new Plain("__cedar::ipaddr");

    public static Shape Datetime { get; } = new Plain("__cedar::datetime");

    public static Shape Duration { get; } = new Plain("__cedar::duration");

    public static IReadOnlyList<Shape> Scalars { get; } = [Bool, Long, Long, String, String, Decimal, Ip, Datetime, Duration];

    /// <summary>Schema syntax.</summary>
    public abstract string Text { get; }

    public bool IsSameAs(Shape other) => Text == other.Text;

    public sealed record Plain(string Name) : Shape
    {
        public override string Text => Name;
    }

    public sealed record EntityOf(string Type) : Shape
    {
        public override string Text => Type;
    }

    public sealed record SetOf(Shape Element) : Shape
    {
        public override string Text => $"Set<{Element.Text}>";
    }

    public sealed record RecordOf(IReadOnlyList<Field> Fields) : Shape
    {
        public override string Text => $"{{{string.Join(", ", Fields.Select(f => $"{StringLiteral.Quote(f.Name)}{(f.IsRequired ? "" : "?")}: {f.Shape.Text}"))}}}";
    }

    /// <summary>An attribute.</summary>
    public sealed record Field(string Name, Shape Shape, bool IsRequired);
}

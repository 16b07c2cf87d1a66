using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar;

/// <summary>A value of an extension type, written as a call of its constructor.</summary>
public abstract class ExtensionValue : Value
{
    private protected ExtensionValue()
    {
    }

    /// <summary>The function that makes such a value from text: <c>decimal</c>, <c>ip</c>, <c>datetime</c> or <c>duration</c>.</summary>
    public abstract string Constructor { get; }

    /// <summary>The canonical argument for <see cref="Constructor"/>: equal values have equal text.</summary>
    public abstract string Argument { get; }

    public override string ToString() => $"{Constructor}({StringLiteral.Quote(Argument)})";
}

using System.Globalization;
using System.Text;

namespace Proofgate.Data.Connectors.Sql;

/// <summary>A statement as it is written: text of ours and of the catalogue, and parameters. A caller's value is never in the text.</summary>
internal sealed class SqlText
{
    private readonly StringBuilder _text = new();
    private readonly List<Cell> _parameters = [];

    internal IReadOnlyList<Cell> Parameters => _parameters;

    internal static string NameOf(int parameter) => string.Create(CultureInfo.InvariantCulture, $"@p{parameter}");

    internal SqlText Add(string text)
    {
        _text.Append(text);
        return this;
    }

    internal SqlText Add(int number)
    {
        _text.Append(CultureInfo.InvariantCulture, $"{number}");
        return this;
    }

    /// <summary>Adds a parameter with this value.</summary>
    internal SqlText Add(Cell value)
    {
        _text.Append(NameOf(_parameters.Count));
        _parameters.Add(value);
        return this;
    }

    public override string ToString() => _text.ToString();
}

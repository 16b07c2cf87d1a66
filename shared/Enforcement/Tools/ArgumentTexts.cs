using System.Text.Json;
using Proofgate.Protection;

namespace Proofgate.Enforcement.Tools;

/// <summary>Every text in a tool's arguments: values and names of members, and numbers, which can be an account's as well as a text can.</summary>
public static class ArgumentTexts
{
    /// <summary>Characters of all texts together (DESIGN.md, invariant 10).</summary>
    public const long MaxLength = 1024 * 1024;

    /// <summary>False if there is more text than <see cref="MaxLength"/>, or a text that is not Unicode.</summary>
    public static bool AreReadable(JsonElement arguments, out bool tooLong)
    {
        var length = 0L;
        tooLong = false;
        try
        {
            Visit(arguments, text => length += text.Length);
            tooLong = length > MaxLength;
            return !tooLong;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return false;
        }
    }

    /// <summary>A text in which JSON stands is visited once more as what it means.</summary>
    internal static void Visit(JsonElement element, Action<string> visit)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    visit(member.Name);
                    Visit(member.Value, visit);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Visit(item, visit);
                }

                break;
            case JsonValueKind.String:
                var text = element.GetString()!;
                visit(text);
                if (JsonTextFilter.MeaningOf(text) is { } meant)
                {
                    visit(meant);
                }

                break;
            case JsonValueKind.Number:
                visit(element.GetRawText());
                break;
        }
    }
}

using System.Text;

namespace Proofgate.Cli.Output;

/// <summary>
/// Text from elsewhere made safe to show: a name in a key record or a model's answer must not move the cursor, change the title of the
/// window or reorder what is read.
/// </summary>
internal static class Printable
{
    private const char Replacement = '\uFFFD';

    /// <summary>For one line: every control and direction character is replaced.</summary>
    internal static string Line(string text) => Clean(text, keepLines: false);

    /// <summary>For running text: line ends and tabs stay.</summary>
    internal static string Text(string text) => Clean(text, keepLines: true);

    private static string Clean(string text, bool keepLines)
    {
        StringBuilder? cleaned = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (!Harmful(text[i]) || (keepLines && text[i] is '\n' or '\t'))
            {
                continue;
            }

            cleaned ??= new StringBuilder(text);
            cleaned[i] = Replacement;
        }

        return cleaned?.ToString() ?? text;
    }

    private static bool Harmful(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}

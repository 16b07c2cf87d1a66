using System.Text.RegularExpressions;

namespace Proofgate.Conventions.Tree;

/// <summary>A file of the repository; <paramref name="Path"/> is relative, with slashes.</summary>
internal sealed record TextFile(string Path, string Text)
{
    internal IEnumerable<Offence> Find(Regex pattern, string what) =>
        Text.Split('\n').SelectMany((line, at) => pattern.Matches(line).Select(m => new Offence(Path, at + 1, $"{m.Value.Trim()}: {what}")));
}

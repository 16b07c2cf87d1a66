namespace Proofgate.Cli.Help;

/// <summary>What a command's help teaches beside its options.</summary>
/// <param name="Examples">Command lines that work as they stand.</param>
/// <param name="Codes">Every code that the command can end with.</param>
/// <param name="Notes">Paragraphs on what one should know before using it.</param>
internal sealed record Lesson(IReadOnlyList<Example> Examples, IReadOnlyList<ExitCode> Codes, params IReadOnlyList<string> Notes);

using System.CommandLine;
using System.Text;
using Proofgate.Cedar;
using Proofgate.Cli.Help;
using Proofgate.Cli.Output;
using Proofgate.Cli.Policies;
using Proofgate.Policy.Bundles;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate policy format</c>: gives the policies of a bundle one layout.</summary>
internal sealed class PolicyFormatCommand : CliCommand
{
    private const string Suffix = ".cedar";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Argument<string?> _folder = new("FOLDER")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "The bundle's folder. Else this folder, if it is one; else infra/policy/sample of the repository around it.",
    };

    private readonly Option<bool> _check = new("--check") { Description = "Change nothing; name the files that have another layout." };

    internal PolicyFormatCommand(CommandScope scope)
        : base(scope, "format", "Give the *.cedar files of a bundle one layout. Only white space changes; every comment stays.", new Lesson(
            [
                new Example("proofgate policy format", "formats the bundle of this folder, or the sample"),
                new Example("proofgate policy format ./policy --check", "fails if there is something to format: for a pipeline"),
            ],
            [ExitCode.Done, ExitCode.Usage, ExitCode.Unreachable, ExitCode.Unsound, ExitCode.Unformatted, ExitCode.Interrupted],
            "The bundle's digest changes with its bytes: format before it is signed."))
    {
        Add(_folder);
        Add(_check);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        if (!new BundleFolders(Host).TryLocate(parsed.GetValue(_folder), out var folder, out var path, out var error))
        {
            return printer.Fail(error);
        }

        try
        {
            if (!BundleFolder.TryRead(path, out var files, out var problem))
            {
                return PolicyProblems.Fail(new BundleOutcome.Unsound(folder, [problem]), printer);
            }

            var document = Format(folder, files, out var texts);
            if (!parsed.GetValue(_check))
            {
                foreach (var (name, text) in texts)
                {
                    await File.WriteAllTextAsync(Path.Combine(path, name), text, Utf8, cancellationToken);
                }
            }

            return Print(printer, document, parsed.GetValue(_check));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return printer.Fail(BundleFolders.Unreadable(folder, unreadable));
        }
    }

    private static PolicyFormatDocument Format(string folder, IReadOnlyDictionary<string, byte[]> files, out Dictionary<string, string> texts)
    {
        texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var problems = new List<string>();
        var policies = files.Where(static f => f.Key.EndsWith(Suffix, StringComparison.Ordinal)).ToList();
        foreach (var (name, content) in policies)
        {
            try
            {
                var text = Utf8.GetString(content);
                switch (PolicyFormatter.Format(text, name))
                {
                    case FormatResult.Formatted formatted when formatted.Text != text:
                        texts.Add(name, formatted.Text);
                        break;
                    case FormatResult.Failed failed:
                        problems.AddRange(failed.Errors.Select(static e => e.ToString()));
                        break;
                }
            }
            catch (DecoderFallbackException)
            {
                problems.Add($"{name}: is not UTF-8.");
            }
        }

        return new PolicyFormatDocument { Folder = folder, Files = policies.Count, Changed = [.. texts.Keys], Problems = problems };
    }

    private static int Print(Printer printer, PolicyFormatDocument document, bool check)
    {
        if (printer.Json)
        {
            printer.Document(document, CliJson.Default.PolicyFormatDocument);
        }
        else
        {
            foreach (var line in document.Problems.Concat(document.Changed.Select(name => check ? $"{name}: has another layout." : $"{name}: formatted.")))
            {
                printer.Line(line);
            }

            if (document.Problems.Count == 0 && document.Changed.Count == 0)
            {
                printer.Line($"{document.Folder}: {document.Files} files, nothing to format.");
            }
        }

        return (document.Problems.Count > 0 ? ExitCode.Unsound : check && document.Changed.Count > 0 ? ExitCode.Unformatted : ExitCode.Done).Value;
    }
}

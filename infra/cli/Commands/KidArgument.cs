using System.CommandLine;

namespace Proofgate.Cli.Commands;

/// <summary>The argument that names a key by its public id.</summary>
internal static class KidArgument
{
    private const int Length = 8;

    internal static Argument<string> New() => new("kid")
    {
        Description = "Public id of the key: 8 letters and digits, the third part of the key, the first column of `proofgate keys list`.",
        Validators =
        {
            static result =>
            {
                // A whole key here would be on the command line already; it must not travel in an address too.
                if (result.Tokens is [{ Value: var kid }] && (kid.Length != Length || !kid.All(char.IsAsciiLetterOrDigit)))
                {
                    result.AddError($"a key's id is {Length} letters and digits; it is not the key itself");
                }
            },
        },
    };
}

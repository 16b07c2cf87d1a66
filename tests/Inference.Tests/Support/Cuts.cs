namespace Proofgate.Inference.Tests.Support;

/// <summary>Random texts with values in them, and random ways to cut them.</summary>
internal sealed class Cuts(Random random)
{
    private static readonly string[] Parts =
    [
        "the ", "answer ", "naïve ", "日本語 ", "😀", "\n", "\"quoted\" ", "back\\slash ", "x@", "12-", "054-28-6917", "054-28-69", "john.smith@example.com",
        "john.smith@exam", "4111 1111 1111 1111", "4111 1111 1111 11", "86.121.97.248", "GB29NWBK60161331926819", "sk-ant-0123456789abcdef", "+447700900123",
        "-----BEGIN PRIVATE KEY-----\nMIIE", "-----END PRIVATE KEY-----", "\u200B", ". ", " ", "-",
    ];

    internal string Text() => string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => Parts[random.Next(Parts.Length)]));

    internal IEnumerable<string> Of(string text)
    {
        var most = random.Next(3) == 0 ? 1 : random.Next(2, 12);
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(random.Next(1, most + 1), text.Length - at);
            if (char.IsHighSurrogate(text[at + length - 1]))
            {
                length = Math.Min(length + 1, text.Length - at);
            }

            yield return text.Substring(at, length);
            at += length;
        }
    }
}

using System.Text;

namespace Proofgate.Protection.Tests.Quality;

/// <summary>
/// Sentences with one value each, whose kind and place are known, and sentences with what only looks like a value. Made by a seeded
/// generator, so that a figure is the same on every run.
/// </summary>
internal sealed class LabelledSet(int seed)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string Hex = "0123456789abcdef";

    private static readonly string[] Neutral =
    [
        "Please use {0} for this.", "It was {0}, as far as we know.", "We have {0} on file;", "See {0}\nbelow.", "({0})", "value: \"{0}\", next", "- {0}\n- and so on",
    ];

    private static readonly string[] People = ["anna", "j.smith", "o'brien", "li_wei", "maria.garcia+news", "x99", "jörg"];
    private static readonly string[] Hosts = ["example.com", "mail.example.co.uk", "firma.de", "a-b.io", "uni.example.edu"];

    private readonly Random _random = new(seed);

    internal IEnumerable<Labelled> Values(int each)
    {
        foreach (var (kind, make) in Makers())
        {
            for (var i = 0; i < each; i++)
                yield return make() with { Kind = kind };
        }
    }

    /// <summary>Nothing in these is of any kind.</summary>
    internal IEnumerable<Labelled> Others(int each)
    {
        Func<string>[] makers =
        [
            () => $"Build {Digits(2)}.{Digits(1)}.{Digits(4)} of {Digits(10)}.", () => $"Order {Digits(6)}-{Digits(2)} shipped at {Digits(2)}:{Digits(2)}:{Digits(2)}.",
            () => $"Commit {Of(Hex, 40)} by the bot.", () => $"{Of(Hex, 8)}-{Of(Hex, 4)}-4{Of(Hex, 3)}-a{Of(Hex, 3)}-{Of(Hex, 12)}",
            () => $"It costs {Digits(3)},{Digits(3)}.{Digits(2)} euros, or {Digits(2)} % more.", () => $"On {Day()} we met in room {Digits(3)}.",
            () => "The password is on the note; the token: see the manual, secret = variable_name.", () => $"const key = \"{Word()}_{Word()}\"; // key: value",
            () => $"std::vector<int> a{{{Digits(1)}, {Digits(2)}}}; x = y[{Digits(2)}];", () => $"https://example.com/a/{Digits(6)}?q={Word()}&b={Digits(3)}",
            () => $"{Digits(4)} {Digits(4)} {Digits(3)} units, {Digits(13)} ms", () => $"Born in {1900 + _random.Next(99)}, she called {Word()} at {Digits(2)}.",
            () => $"sk-learn {Word()}-{Word()}, npm_{Word()}, key-{Word()}, eyJ and AKIA.", () => $"ISBN 978-{Digits(1)}-{Digits(4)}-{Digits(4)}-{Digits(1)}",
        ];
        foreach (var make in makers)
        {
            for (var i = 0; i < each; i++)
                yield return new Labelled(make(), 0, 0);
        }
    }

    private IEnumerable<(string Kind, Func<Labelled> Make)> Makers()
    {
        yield return ("EMAIL_ADDRESS", () => Put($"{Any(People)}@{Any(Hosts)}"));
        yield return ("PAYMENT_CARD", () => Put(Grouped(Checks.Luhn(Any("4", "51", "37", "35", "6011") is var p && p == "37" ? p + Digits(12) : p + Digits(15 - p.Length)))));
        yield return ("IBAN", () => Put(Spaced(Any(
            () => Checks.Iban("DE", Digits(18)), () => Checks.Iban("GB", "NWBK" + Digits(14)), () => Checks.Iban("FR", Digits(23)), () => Checks.Iban("NO", Digits(11))), 4)));
        yield return ("US_SSN", () => Put($"{_random.Next(1, 666):000}-{_random.Next(1, 100):00}-{_random.Next(1, 10000):0000}"));
        yield return ("NATIONAL_ID", NationalId);
        yield return ("PHONE_NUMBER", () => Any(
            () => Put($"+44 7700 9{Digits(5)}"), () => Put($"+1-{_random.Next(200, 999)}-{_random.Next(200, 999)}-{Digits(4)}"), () => Put($"({_random.Next(200, 999)}) {_random.Next(200, 999)}-{Digits(4)}"),
            () => Put($"020 7946 {Digits(4)}", "Phone: {0}."), () => Put($"0{_random.Next(1000, 9999)} {Digits(6)}", "Call me at {0} after six.")));
        yield return ("IP_ADDRESS", () => Put(Any(() => $"{Octet()}.{Octet()}.{Octet()}.{Octet()}", () => $"2001:db8:{Of(Hex, 4)}::{Of(Hex, 3)}1")));
        yield return ("MAC_ADDRESS", () => Put(string.Join(Any(":", "-"), Enumerable.Range(0, 6).Select(_ => Of(Hex, 2)))));
        yield return ("URL_CREDENTIALS", () => Put($"{Any("https", "postgres", "redis", "amqp")}://{Word()}:{Of(Letters, 9)}@{Any(Hosts)}"));
        yield return ("DATE_OF_BIRTH", () => Put(Day(), Any("She was born on {0} in Rome.", "DOB: {0}", "date of birth {0},", "Birthday: {0}.", "geboren am {0}")));
        yield return ("CRYPTO_ADDRESS", () => Put(Any(() => Checks.Bitcoin(Bytes(20)), () => "0x" + Of(Hex, 40))));
        yield return ("API_KEY", () => Put(Any(
            () => Checks.GitHub("ghp_", Of(Letters, 30)), () => "AKIA" + Of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16), () => "sk-proj-" + Of(Letters, 74), () => "sk-ant-api03-" + Of(Letters, 93) + "AA",
            () => "xoxb-" + Digits(12) + "-" + Digits(12) + "-" + Of(Letters, 24), () => "sk_live_" + Of(Letters, 24), () => "AIza" + Of(Letters, 35), () => "glpat-" + Of(Letters, 20),
            () => $"SG.{Of(Letters, 22)}.{Of(Letters, 43)}", () => "npm_" + Of(Letters, 36), () => "pypi-AgEIcHlwaS5vcmc" + Of(Letters, 70), () => "SK" + Of(Hex, 32))));
        yield return ("PRIVATE_KEY", () => Put($"-----BEGIN RSA PRIVATE KEY-----\n{Of(Letters, 64)}\n{Of(Letters, 40)}==\n-----END RSA PRIVATE KEY-----"));
        yield return ("JWT", () => Put($"{Url($$"""{"alg":"{{Any("HS256", "none", "ES256")}}","typ":"JWT"}""")}.{Url($$"""{"sub":"{{Digits(6)}}"}""")}.{Of(Letters, 43)}"));
        yield return ("CONNECTION_STRING", () => Put(Of(Letters, 12), "Server=db.example.net;User ID=app;Password={0};Encrypt=True"));
        yield return ("PROOFGATE_KEY", () => Put($"pgk_live_{Of(Letters, 8)}_{Of(Letters, 40)}"));
        yield return ("SECRET", () => Put(
            Any(() => $"{Word()}{Digits(2)}!{Word()}", () => Of(Letters, 20) + "7", () => $"{Of(Hex, 31)}e1"), Any("password={0}", "\"apiKey\": \"{0}\",", "DB_PASSWORD='{0}'", "client_secret: {0}\n", "token => {0}")));
    }

    private Labelled NationalId() => Any(
        () => Put(Retry(() => Checks.Weighted(Digits(8), [9, 8, 7, 6, 5, 4, 3, 2, -1], 11)), "My BSN is {0}."),
        () => Put(Retry(() => Checks.Weighted("9" + Digits(8), [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 11)), "NHS number: {0}."),
        () => Put(Checks.Luhn(_random.Next(1, 8) + Digits(7)), "SIN: {0}"),
        () => Put(Spaced(Checks.Verhoeff(_random.Next(2, 10) + Digits(10)), 4)),
        () => Put(Checks.Weighted($"{_random.Next(40, 99)}{_random.Next(1, 13):00}{_random.Next(1, 29):00}{Digits(4)}", [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1], 10)!, "PESEL {0}"),
        () => Put(Checks.Cpf(Digits(9)) is var cpf ? $"{cpf[..3]}.{cpf[3..6]}.{cpf[6..9]}-{cpf[9..]}" : ""),
        () => Put(Digits(8) is var dni ? dni + "TRWAGMYFPDXBNJZSQVHLCKE"[int.Parse(dni) % 23] : ""),
        () => Put($"{_random.Next(1, 3)}{Digits(2)}{_random.Next(1, 13):00}75{Digits(6)}" is var nir ? nir + $"{97 - (long.Parse(nir) % 97):00}" : ""));

    private Labelled Put(string value, string? template = null)
    {
        template ??= Any(Neutral);
        var at = template.IndexOf("{0}", StringComparison.Ordinal);
        return new Labelled(template.Replace("{0}", value, StringComparison.Ordinal), at, at + value.Length);
    }

    private string Grouped(string digits) => _random.Next(3) switch
    {
        0 => digits,
        1 when digits.Length == 15 => $"{digits[..4]} {digits[4..10]} {digits[10..]}",
        _ => string.Join(Any(" ", "-"), digits.Chunk(4).Select(part => new string(part))),
    };

    private string Spaced(string value, int size) =>
        _random.Next(2) == 0 && value.Length != 12 ? value : string.Join(' ', value.Chunk(size).Select(part => new string(part)));

    private string Day()
    {
        var (year, month, day) = (_random.Next(1930, 2010), _random.Next(1, 13), _random.Next(1, 29));
        return Any($"{day:00}/{month:00}/{year}", $"{year}-{month:00}-{day:00}", $"{day}.{month}.{year}", $"{day} {new DateTime(year, month, day):MMMM} {year}");
    }

    private static string Retry(Func<string?> make)
    {
        for (; ; )
        {
            if (make() is { } value)
                return value;
        }
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private int Octet() => _random.Next(256);

    private string Digits(int count) => Of("0123456789", count);

    private string Of(string alphabet, int count) => string.Concat(Enumerable.Range(0, count).Select(_ => alphabet[_random.Next(alphabet.Length)]));

    private string Word() => Any("alpha", "harbour", "window", "quick", "river", "service", "north");

    private T Any<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    private T Any<T>(params Func<T>[] choices) => choices[_random.Next(choices.Length)]();

    private static string Url(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}

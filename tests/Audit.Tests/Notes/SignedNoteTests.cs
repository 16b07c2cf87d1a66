using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Tests.Doubles;

namespace Proofgate.Audit.Tests.Notes;

public sealed class SignedNoteTests
{
    /// <summary>The example of C2SP signed-note.</summary>
    private const string ExampleKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    private const string Example =
        "This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

    private const string TestSigner = "PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg";

    [Fact]
    public void Note_OfTheSpecification_Verifies_AndIsWrittenAgainAsItWas()
    {
        Assert.True(VerifierKey.TryParse(ExampleKey, out var key));
        Assert.Equal(ExampleKey, key.ToString());
        var note = Parse(Example);
        Assert.True(note.TryVerify([key], out var signers));
        Assert.Equal([key], signers);
        Assert.Equal(Example, Encoding.UTF8.GetString(note.ToBytes()));
    }

    [Fact]
    public void Note_DoesNotVerify_WithAnyOtherByte()
    {
        Assert.True(VerifierKey.TryParse(ExampleKey, out var key));
        var bytes = Encoding.UTF8.GetBytes(Example);
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = bytes.ToArray();
            changed[i] ^= 1;
            Assert.False(SignedNote.TryParse(changed, out var note) && note.TryVerify([key], out _) && !note.Text.Span.SequenceEqual("This is an example message.\n"u8), $"byte {i}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("text\n")]
    [InlineData("text\n\n")]
    [InlineData("text\n\n\u2014 name AAAA\n")]
    [InlineData("text\n\n\u2014 name AAAAAAA\n")]
    [InlineData("text\n\n- name AAAAAAAA\n")]
    [InlineData("text\n\n\u2014 na me AAAAAAAA\n")]
    [InlineData("text\n\n\u2014 na+me AAAAAAAA\n")]
    [InlineData("text\n\n\u2014 name AAAAAAAA")]
    [InlineData("te\txt\n\n\u2014 name AAAAAAAA\n")]
    [InlineData("text\n\n\u2014 name AAAAAAAA\nmore\n")]
    [InlineData("text\n\n\u2014 name AAAAAAAA=\n")]
    public void Note_IsNotRead_WhereItIsNone(string text) => Assert.False(SignedNote.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Bytes_OfAnyKind_AreReadOrRefused_AndNeverThrow() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Bool).Sample((bytes, framed) =>
        {
            byte[] note = framed ? [.. "a\n\n\u2014 n "u8, .. Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes)), (byte)'\n'] : bytes;
            if (SignedNote.TryParse(note, out var read))
                Assert.Equal(note, read.ToBytes());
            _ = Checkpoint.TryParse(bytes, out _);
            _ = TlogProof.TryParse(bytes, out _);
            _ = KeyChange.TryOpen(bytes, "o", out _);
            _ = HeadsLeaf.TryRead(bytes);
        });

    [Fact]
    public async Task SignatureOfAKnownKey_ThatDoesNotHold_MakesTheNoteFalse_AndUnknownOnesDoNot()
    {
        using var known = Ed25519Signer.Generate();
        using var other = Ed25519Signer.Generate();
        var note = await known.SignNoteAsync("log", "text\n"u8.ToArray(), default);
        var strange = note.With(new NoteSignature("log", other.KeyFor("log").Id, new byte[64]));
        Assert.True(strange.TryVerify([known.KeyFor("log")], out _));
        Assert.False(strange.TryVerify([known.KeyFor("log"), other.KeyFor("log")], out _));
        Assert.False(strange.TryVerify([known.KeyFor("gol")], out _));
        Assert.False(strange.TryVerify([], out _));
    }

    [Fact]
    public async Task Es256_SignsAndVerifies_UnderTheIdOfItsDer()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signer = new EcdsaSigner(ecdsa);
        var key = signer.KeyFor("example.com/log");
        Assert.True(VerifierKey.TryParse(key.ToString(), out var again));
        Assert.Equal(key, again);
        Assert.Equal(SHA256.HashData(ecdsa.ExportSubjectPublicKeyInfo())[..4], BitConverter.IsLittleEndian ? BitConverter.GetBytes(key.Id).Reverse() : BitConverter.GetBytes(key.Id));
        var note = await signer.SignNoteAsync("example.com/log", "text\n"u8.ToArray(), default);
        Assert.True(note.TryVerify([again], out _));
        Assert.False(new SignedNote("texT\n"u8.ToArray(), note.Signatures).TryVerify([again], out _));
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Throws<ArgumentException>(() => new EcdsaSigner(p384));
    }

    [Fact]
    public void PrivateKey_IsReadAndWritten_AsGoDoes()
    {
        Assert.True(Ed25519Signer.TryParse(TestSigner, out var signer, out var name));
        Assert.Equal("example.com/log/testdata", name);
        Assert.Equal("example.com/log/testdata+33d7b496", signer.KeyFor(name).ToString()[..33]);
        Assert.Equal(TestSigner, signer.Reveal(name));
        Assert.False(Ed25519Signer.TryParse(TestSigner.Replace("33d7b496", "33d7b497", StringComparison.Ordinal), out _, out _));
        signer.Dispose();
    }

    [Fact]
    public void Cosignature_BindsTimeAndText_AndIsNoLogSignature()
    {
        using var key = Ed25519Signer.Generate();
        var cosigner = new Cosigner("witness.example/w1", key, new FakeTimeProvider(Sample.Time));
        var text = new Checkpoint("example.com/log", 3, MerkleHash.Of([])).ToText();
        var signature = cosigner.Cosign(text);
        Assert.Equal(72, signature.Value.Length);
        Assert.True(cosigner.Key.Verify(text, signature.Value.Span));
        var later = signature.Value.ToArray();
        later[7]++;
        Assert.False(cosigner.Key.Verify(text, later));
        Assert.False(key.KeyFor("witness.example/w1").Verify(text, signature.Value.Span[8..]));
        Assert.NotEqual(key.KeyFor("witness.example/w1").Id, cosigner.Key.Id);
    }

    /// <summary>The example of C2SP tlog-cosignature names no key, but its id and time can be read.</summary>
    [Fact]
    public void Cosignature_OfTheSpecification_CarriesItsTime()
    {
        var note = Parse(
            "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
            + "\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
            + "\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n");
        Assert.True(VerifierKey.TryTimeOf(note.Signatures[1].Value.Span, out var time));
        Assert.Equal(1679315147, time);
        Assert.True(Checkpoint.TryParse(note.Text.Span, out var checkpoint));
        Assert.Equal(("example.com/behind-the-sofa", 20852163L), (checkpoint.Origin, checkpoint.Size));
        Assert.Equal(note.Text.ToArray(), checkpoint.ToText());
    }

    [Theory]
    [InlineData("o\n07\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("o\n-7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("o\n9223372036854775808\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("o\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2=\n")]
    [InlineData("o\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")]
    [InlineData("\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("o\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n")]
    public void Checkpoint_IsNotRead_WhereItIsNone(string text) => Assert.False(Checkpoint.TryParse(Encoding.UTF8.GetBytes(text), out _));

    private static SignedNote Parse(string text)
    {
        Assert.True(SignedNote.TryParse(Encoding.UTF8.GetBytes(text), out var note));
        return note;
    }
}

using System.Collections.Frozen;

namespace Proofgate.Protection.Matching;

/// <summary>Long words that columns are full of: to redact them would spoil every answer and hide nobody.</summary>
internal static class CommonWords
{
    private static readonly FrozenSet<string> Words = (
        "accepted activated additional administration administrator agreement american anonymous application approved architecture archived assigned "
        + "associate australia authorized automatic available business calendar cancelled category certificate commercial comments committee communication "
        + "community company completed complete computer confidential confirmed consultant contract corporate corporation currency customer customers database "
        + "december declined delivered delivery department description designer developer development different director disabled district document documents "
        + "duplicate education electronic employee employees enabled engineer engineering enterprise environment european executive exchange expired external "
        + "february finance financial following forwarded francisco freelance frequently functional generated germany government graduate hardware headquarters "
        + "healthcare hospital important inactive included incomplete independent individual industrial industry information insurance internal international "
        + "internet inventory investment invoiced january language leadership location maintenance management manager manufacturing marketing marriage material "
        + "materials medicine microsoft ministry monitoring national negative netherlands networking november ordinary organization original overview partially "
        + "partnership password payments pending permanent personal personnel planning platform portfolio position positive possible postponed practice premium "
        + "president previous priority private procedure processed processing procurement product production products professional professor programme project "
        + "projects property published purchase purchasing quality quarterly received recruitment reference registered regional rejected relations replacement "
        + "reporting represent request required research reserved resident resolved response restaurant restricted returned saturday schedule scheduled secretary "
        + "security september services shipping software solution solutions specialist standard statement strategic strategy submitted subscription successful "
        + "supervisor suppliers support suspended switzerland technical technician technology telephone temporary terminated thursday training transaction "
        + "transport treatment university unknown validated vacation vehicles verified wednesday whatever withdrawn").Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    internal static bool Contains(string word) => Words.Contains(word);
}

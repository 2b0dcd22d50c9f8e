/** How files are written so that a kill or a full disk leaves no half of one. Knows nothing of ours. */
package distill.files;
